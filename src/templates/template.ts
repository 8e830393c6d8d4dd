/** Which image a template is on one backend. */
export interface Realization {
  readonly backendId: string;
  /** The provider's own words for the image; see each provider's README. */
  readonly imageRef: string;
}

/** A catalog entry. */
export interface Template {
  readonly id: string;
  /** Null for a template that every tenant may use. */
  readonly tenantId: string | null;
  /** Unique among the tenant's, and among the shared ones. */
  readonly name: string;
  /** The smallest disk, in GiB, that its images fit on. */
  readonly minDiskGib: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly realizations: readonly Realization[];
}
