import type { z } from 'zod';
import { badRequest } from './neutron-error';

/**
 * The attributes inside `{"network": {…}}`, in Neutron's words where they are wrong.
 * @throws ApiError 400
 */
export function readAttributes<Schema extends z.ZodType>(
  schema: Schema,
  member: string,
  body: unknown,
): z.output<Schema> {
  const inner: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, member) : undefined;
  if (typeof inner !== 'object' || inner === null) {
    throw badRequest(`Unable to find '${member}' in request body`);
  }
  const read = schema.safeParse(inner);
  if (read.success) return read.data;
  throw badRequest(words(read.error, inner));
}

function words({ issues }: z.ZodError, given: object): string {
  const [issue] = issues;
  if (issue?.code === 'unrecognized_keys') {
    return `Unrecognized attribute(s) '${issue.keys.join(', ')}'`;
  }
  const field = String(issue?.path[0] ?? '');
  if (!Object.hasOwn(given, field)) {
    return `Failed to parse request. Required attribute '${field}' not specified`;
  }
  return `Invalid input for ${field}. Reason: ${issue?.message ?? 'invalid'}.`;
}
