/** What a template's realization turned out to be on the backend. */
export interface ImageObservation {
  /** The backend's own identifier, handed back in `VmSpec.imageExternalId`. */
  readonly externalId: string;
  readonly name: string;
  /** The smallest disk, in GiB (2^30 bytes) rounded up, that the image fits on. */
  readonly minDiskGib: number;
}
