import type { NetworkMode } from '../providers/contract';

/** How far a network's life is. Every change of it commits together with the task that makes it. */
export const NETWORK_STATUSES = ['PROVISIONING', 'ACTIVE', 'ERROR', 'DELETING', 'DELETED'] as const;
export type NetworkStatus = (typeof NETWORK_STATUSES)[number];

/** A tenant's layer-2 segment on a backend. */
export interface Network {
  readonly id: string;
  readonly tenantId: string;
  readonly backendId: string;
  /** Unique among the tenant's networks that are not deleted. */
  readonly name: string;
  readonly mode: NetworkMode;
  readonly cidr: string;
  readonly status: NetworkStatus;
  /** The backend's own id for it; null until it is made. */
  readonly externalId: string | null;
  /** The task that makes it; part of its marker on the backend. */
  readonly createTaskId: string | null;
  /** Milliseconds since the epoch, like the other. */
  readonly createdAt: number;
  readonly deletedAt: number | null;
}
