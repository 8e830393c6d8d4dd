/**
 * The mark of ownership that a provider writes onto everything it makes on a backend, and by which it finds
 * its own work again after a crash or a lost reply. Present from the very creation of the object, never added
 * later.
 */
export interface Marker {
  /** Which installation of Hypergate made it; two installations may share one backend. */
  readonly installationId: string;
  readonly tenantId: string;
  /** The id of our VM or network. */
  readonly objectId: string;
  /** The task that creates it. */
  readonly operationId: string;
}

/** The task that made an object may be another one than the task that changes it; the owner may not. */
export function sameOwner(one: Marker | null, other: Marker): boolean {
  return one !== null && ownerKey(one) === ownerKey(other);
}

/** The same for all markers of one object, and only for those. */
export function ownerKey(marker: Marker): string {
  return JSON.stringify([marker.installationId, marker.tenantId, marker.objectId]);
}
