import type { MoRef } from './client';

const NETWORK_TYPES = ['DistributedVirtualPortgroup', 'Network'] as const;

export type NetworkType = (typeof NETWORK_TYPES)[number];

/** For example `Network:network-7`: the type cannot be told from the id. */
export function networkExternalId({ type, value }: MoRef): string {
  return `${type}:${value}`;
}

/** Null for what cannot be an id of ours. */
export function networkRef(externalId: string): MoRef<NetworkType> | null {
  const split = externalId.indexOf(':');
  const type = NETWORK_TYPES.find((one) => one === externalId.slice(0, split));
  const value = externalId.slice(split + 1);
  return type === undefined || value === '' ? null : { type, value };
}
