/** An organisation that owns VMs, networks, templates and tasks. */
export interface Tenant {
  readonly id: string;
  /** Unique in the installation. */
  readonly slug: string;
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}
