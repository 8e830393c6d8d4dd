import type { Marker } from './marker';

/**
 * ISOLATED: the members see only each other. NAT: they also reach out, translated. ROUTED: they are reached
 * by routing, untranslated. BRIDGED: they sit on a segment of the provider's own network.
 */
export const NETWORK_MODES = ['ISOLATED', 'NAT', 'BRIDGED', 'ROUTED'] as const;
export type NetworkMode = (typeof NETWORK_MODES)[number];

export interface NetworkSpec {
  readonly marker: Marker;
  /** The tenant's own name for it, 1 to 63 characters, already validated; not unique on the backend. */
  readonly name: string;
  readonly mode: NetworkMode;
  /** IPv4 prefix such as `10.20.0.0/24`, with no host bits set. The first address is the gateway. */
  readonly cidr: string;
}

export interface NetworkRef {
  readonly externalId: string;
  readonly marker: Marker;
}

export interface NetworkObservation {
  readonly externalId: string;
  /** Null on what is not ours. */
  readonly marker: Marker | null;
  readonly name: string;
  readonly active: boolean;
}
