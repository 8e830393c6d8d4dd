import type { LiveBackend } from '../backends';
import type { Session } from '../database';
import type { CallContext, Marker, Outcome } from '../providers/contract';
import type { InventoryKind } from './sighting';
import type { FoundObject, Lifecycle, RecordedObject } from './standing';

/** One kind of object that backends hold and the database knows: what the reconciler does alike for all kinds. */
export interface ObjectInventory {
  readonly kind: InventoryKind;

  /** All that carries the installation's marker. @throws when the list could not be read to its end */
  list(live: LiveBackend, context: CallContext): Promise<readonly FoundObject[]>;
  /** What has this id and this marker now; null when it is gone, or somebody else's. */
  look(
    live: LiveBackend,
    externalId: string,
    marker: Marker,
    context: CallContext,
  ): Promise<FoundObject | null>;
  /** Removes it through the provider's contract, by id and marker. */
  remove(live: LiveBackend, externalId: string, marker: Marker, context: CallContext): Promise<Outcome<null>>;

  /** The rows with these ids, whatever their state. */
  recorded(session: Session, ids: readonly string[]): Promise<readonly RecordedObject[]>;
  /** All of a backend that are in one of these states. */
  recordedOn(
    session: Session,
    backendId: string,
    lifecycles: readonly Lifecycle[],
  ): Promise<readonly RecordedObject[]>;
  /** Reads one and keeps others, and new tasks, from it until the transaction ends. */
  lock(session: Session, id: string): Promise<RecordedObject | null>;
  /** Writes that it is gone from its backend. False when that was known. */
  recordGone(session: Session, id: string): Promise<boolean>;
  /**
   * Writes that one is there again which `recordGone` had put into ERROR; for kinds that it does not put there, an
   * observation writes that.
   */
  recordBack?(session: Session, id: string): Promise<void>;
  /** Writes the backend's id of one that is on record without it. */
  recordFound(session: Session, id: string, externalId: string): Promise<void>;
  /** Shows that what is left of a failed one is being removed; nothing can begin to make it meanwhile. */
  recordRemoving(session: Session, id: string): Promise<void>;
  /** Puts one that nobody works on any more into ERROR, from where it can be deleted. */
  recordFailed(session: Session, id: string): Promise<void>;
}
