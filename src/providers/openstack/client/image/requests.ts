/** Queries of Glance's API (image v2). */
export interface ImageFilter {
  readonly name?: string;
  /** `active` is what servers can be made of. */
  readonly status?: string;
}
