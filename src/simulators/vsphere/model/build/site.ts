import type { Datacenter, Id } from '../records';

/** What stands in a datacenter before there are machines. */
export interface Site {
  readonly datacenter: Datacenter;
  readonly clusters: readonly Id[];
  readonly datastores: readonly Id[];
  readonly portGroup: Id;
}
