import { z } from 'zod';

/** What can be said of every object, at its creation and later. */
export const describable = {
  name: z.string().max(255).optional(),
  description: z.string().max(255).nullable().optional(),
};

/** Clients send whose it shall be; it is the caller's own in any case. */
export const owned = {
  tenant_id: z.string().optional(),
  project_id: z.string().optional(),
};

interface Describable {
  name: string;
  description: string;
}

export function describe(
  object: Describable,
  asked: { readonly name?: string | undefined; readonly description?: string | null | undefined },
): void {
  if (asked.name !== undefined) object.name = asked.name;
  if (asked.description !== undefined) object.description = asked.description ?? '';
}
