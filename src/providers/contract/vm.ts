import type { Marker } from './marker';

/** The power state as the backend reports it. */
export const POWER_STATES = ['POWERED_ON', 'POWERED_OFF', 'SUSPENDED', 'CRASHED', 'UNKNOWN'] as const;
export type PowerState = (typeof POWER_STATES)[number];

/** What a VM is to be. All values are validated before a provider sees them. */
export interface VmSpec {
  readonly marker: Marker;
  /** The tenant's own name for it: 1 to 63 characters; not unique on the backend. */
  readonly name: string;
  /** A valid DNS label made from the name. */
  readonly hostname: string;
  /** Virtual CPUs, 1 or more. Where a cloud sells fixed sizes this is the least, and the actual is reported. */
  readonly cpuCount: number;
  /** Memory in MiB (2^20 bytes); the least, as above. */
  readonly memoryMib: number;
  /** Size of the first disk in GiB (2^30 bytes), at least the image's `minDiskGib`. */
  readonly diskGib: number;
  /** From `ImageObservation.externalId`. */
  readonly imageExternalId: string;
  /** One network card each, in this order. */
  readonly networks: readonly { readonly externalId: string }[];
  /** cloud-init user data, verbatim; null for none. Secret: never logged. */
  readonly userData: string | null;
  /** Public keys in OpenSSH's one-line form. */
  readonly sshKeys: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

export interface VmRef {
  readonly externalId: string;
  /** Checked by the provider before it changes anything: a foreign object is never touched. */
  readonly marker: Marker;
}

/** Only what is named is changed. */
export interface VmSize {
  readonly cpuCount?: number;
  readonly memoryMib?: number;
  readonly diskGib?: number;
}

export interface NicObservation {
  /** Null where the card is on no network of ours. */
  readonly networkExternalId: string | null;
  /** Six octets in lower case with colons. */
  readonly macAddress: string;
  /** IPv4 and IPv6 without a prefix length; empty until the backend knows. */
  readonly ipAddresses: readonly string[];
}

/** What the backend says of a VM at one moment: actual sizes, not those asked for. */
export interface VmObservation {
  readonly externalId: string;
  /** Null on what is not ours. */
  readonly marker: Marker | null;
  readonly name: string;
  readonly powerState: PowerState;
  readonly cpuCount: number;
  readonly memoryMib: number;
  readonly diskGib: number;
  readonly nics: readonly NicObservation[];
  /** When the backend said so, in milliseconds since the epoch. */
  readonly observedAt: number;
}

/** A page of a listing; `nextPageToken` is null on the last. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextPageToken: string | null;
}

/**
 * A change that happened on the backend, by us or behind our back. Delivered at least once and in order per
 * VM; after RESYNC (the feed was interrupted) everything has to be listed again.
 */
export type BackendEvent =
  | { readonly type: 'VM_CHANGED'; readonly vm: VmObservation }
  | { readonly type: 'VM_GONE'; readonly externalId: string }
  | { readonly type: 'RESYNC' };
