export type InventoryKind = 'VM' | 'NETWORK';

/** What the columns for a backend's ids hold, here and in the rows of the objects themselves. */
export const MAX_EXTERNAL_ID = 200;

/**
 * What is wrong with one object; see `standing.ts`. LOST is what MISSING becomes where it was written down as ERROR: it
 * outlasts the passes, as what tells it from an ERROR of other reasons.
 */
export type FindingType = 'ORPHAN' | 'COPY' | 'MISSING' | 'STUCK' | 'LOST';

export interface Finding {
  readonly type: FindingType;
  readonly objectId: string;
  /** Empty for one that is on record without it. */
  readonly externalId: string;
}

/** A finding that is remembered. A pass that does not come to it again forgets it, unless it is LOST. */
export interface Sighting extends Finding {
  readonly backendId: string;
  readonly kind: InventoryKind;
  /** By the database's clock, in milliseconds since the epoch. */
  readonly firstSeenAt: number;
  /** Of one that is LOST: when that was written down. */
  readonly lastSeenAt: number;
  /** Passes in a row. */
  readonly seenCount: number;
}

/** What is known of a backend between two passes. */
export interface ReconciliationSummary {
  /** Null before the first complete pass. */
  readonly lastPassAt: number | null;
  readonly sightings: readonly Sighting[];
}

/** One pass may have looked in the wrong moment. */
const NEEDED_PASSES = 2;

/** Whether it has been found often and long enough to be acted upon. */
export function isRipe(
  { firstSeenAt, lastSeenAt, seenCount }: Pick<Sighting, 'firstSeenAt' | 'lastSeenAt' | 'seenCount'>,
  graceMs: number,
): boolean {
  return seenCount >= NEEDED_PASSES && lastSeenAt - firstSeenAt >= graceMs;
}

/** One text for each finding of a backend and a kind. */
export function findingKey({ type, objectId, externalId }: Finding): string {
  return JSON.stringify([type, objectId, externalId]);
}
