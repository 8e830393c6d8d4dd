import type { BackendProbe, HypervisorProvider } from '../providers/contract';

/** INTERNAL: run by the service provider; EXTERNAL: rented from somebody else. */
export const BACKEND_LOCATIONS = ['INTERNAL', 'EXTERNAL'] as const;
export type BackendLocation = (typeof BACKEND_LOCATIONS)[number];

/** UNKNOWN until first asked; RETIRED when it is no longer configured but things of it are still recorded. */
export const BACKEND_STATUSES = ['ONLINE', 'OFFLINE', 'UNKNOWN', 'RETIRED'] as const;
export type BackendStatus = (typeof BACKEND_STATUSES)[number];

/** One configured connection of a provider. */
export interface Backend {
  readonly id: string;
  /** Unique; how the configuration and inputs call it. */
  readonly name: string;
  readonly kind: string;
  readonly location: BackendLocation;
}

/** What was last learned of it. */
export interface BackendHealth {
  readonly status: BackendStatus;
  readonly probe: BackendProbe | null;
  /** Milliseconds since the epoch; null before the first answer or failure. */
  readonly checkedAt: number | null;
}

/** A backend that can be worked with. */
export interface LiveBackend {
  readonly backend: Backend;
  readonly provider: HypervisorProvider;
}
