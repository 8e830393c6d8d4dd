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
