import type { Marker } from '../contract';

/** The key of our record in a VM's extraConfig. Never change it: what exists on vCenters carries it. */
export const MARKER_KEY = 'hypergate.marker';

/** What a VM or network of ours says of itself. */
export interface Ownership {
  readonly marker: Marker;
  /** The tenant's own name for it. */
  readonly name: string;
  /** False while a creation has more to do: such a VM is shown to nobody. */
  readonly complete: boolean;
}

export function writeOwnership({ marker, name, complete }: Ownership): string {
  const { installationId, tenantId, objectId, operationId } = marker;
  return JSON.stringify({
    installation: installationId,
    tenant: tenantId,
    id: objectId,
    operation: operationId,
    name,
    complete,
  });
}

/** The record as a VM's extraConfig holds it. */
export function ownershipOption(ownership: Ownership) {
  return { $type: 'OptionValue', key: MARKER_KEY, value: writeOwnership(ownership) } as const;
}

/** Null for what is no record of ours. */
export function readOwnership(text: string | undefined): Ownership | null {
  const record = parse(text);
  if (record === null) return null;
  const { installation, tenant, id, operation, name, complete } = record;
  if (typeof installation !== 'string' || typeof tenant !== 'string') return null;
  if (typeof id !== 'string' || typeof operation !== 'string' || typeof name !== 'string') return null;
  const marker = { installationId: installation, tenantId: tenant, objectId: id, operationId: operation };
  return { marker, name, complete: complete === true };
}

function parse(text: string | undefined): Record<string, unknown> | null {
  if (text === undefined) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
