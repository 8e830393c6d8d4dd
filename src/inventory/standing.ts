import type { Marker } from '../providers/contract';

/** How far an object's life is; VMs and networks have the same words for it. */
export type Lifecycle = 'PROVISIONING' | 'ACTIVE' | 'ERROR' | 'DELETING' | 'DELETED';

/** What a backend lists. */
export interface FoundObject {
  readonly externalId: string;
  /** Null on what is not ours. */
  readonly marker: Marker | null;
}

/** What the database says of an object. */
export interface RecordedObject {
  readonly id: string;
  readonly tenantId: string;
  readonly backendId: string;
  readonly lifecycle: Lifecycle;
  readonly externalId: string | null;
  /** The task that made it; part of its marker. */
  readonly createTaskId: string | null;
  /** Whether it is on record as gone already. */
  readonly isGone: boolean;
}

/** What is known besides, read after the listing: whatever was listed had its row before it was made. */
export interface Facts {
  readonly installationId: string;
  readonly backendId: string;
  /** The row that the marker names, whatever its state; null when there is none. */
  readonly recorded: RecordedObject | null;
  /** Whether a task on the object has not ended: it may be making or removing it right now. */
  readonly hasOpenTask: boolean;
  /** Whether what the row calls its own is there, too. */
  readonly recordedIsListed: boolean;
}

/**
 * How something on a backend stands to the database.
 *
 * - FOREIGN: another installation's, or its marker does not fit the row that it names. Never touched, never told of.
 * - BUSY: a task is at work on it.
 * - KNOWN: on record. Also what failed and was not taken back; whoever asked for it decides what becomes of it.
 * - UNLINKED: on record, but without the id that it has there, or with one that is not there any more.
 * - COPY: a second one with the marker of one that is on record. Never removed: a deletion by marker could take the
 *   first one with it, and an administrator may have made the copy on purpose.
 * - ORPHAN: nobody will ever ask for it again: unknown, deleted, or its creation was taken back.
 */
export type Standing = 'FOREIGN' | 'BUSY' | 'KNOWN' | 'UNLINKED' | 'COPY' | 'ORPHAN';

export function standingOf(found: FoundObject, facts: Facts): Standing {
  const { marker } = found;
  const { recorded } = facts;
  if (marker?.installationId !== facts.installationId) return 'FOREIGN';
  if (recorded && !fits(marker, recorded, facts.backendId)) return 'FOREIGN';
  if (facts.hasOpenTask) return 'BUSY';
  if (!recorded || isAbandoned(recorded)) return 'ORPHAN';
  if (isBeingRemoved(recorded)) return 'KNOWN';
  if (recorded.externalId === found.externalId) return 'KNOWN';
  return facts.recordedIsListed ? 'COPY' : 'UNLINKED';
}

/** Two names may be configured for one backend; then each lists what the other one's rows stand for. */
function fits(marker: Marker, recorded: RecordedObject, backendId: string): boolean {
  const { id, tenantId } = recorded;
  return id === marker.objectId && tenantId === marker.tenantId && recorded.backendId === backendId;
}

/** Deleted, or a creation that failed and was taken back: its undo has forgotten the backend's id. */
function isAbandoned({ lifecycle, externalId }: RecordedObject): boolean {
  return lifecycle === 'DELETED' || (lifecycle === 'ERROR' && externalId === null);
}

/** Its remains are being removed, or were when a process died, and it is stuck: to give it their id would revive it. */
function isBeingRemoved({ lifecycle, externalId }: RecordedObject): boolean {
  return lifecycle === 'DELETING' && externalId === null;
}

/**
 * Whether something on record is gone from its backend.
 * @param listed the ids of all objects in a complete listing that began after the row was read as ACTIVE
 */
export function isMissing(
  recorded: Pick<RecordedObject, 'id' | 'lifecycle'>,
  listed: ReadonlySet<string>,
  hasOpenTask: boolean,
): boolean {
  return recorded.lifecycle === 'ACTIVE' && !hasOpenTask && !listed.has(recorded.id);
}

/** An object whose life is on its way, with nobody on the way: left over, and nothing would ever move it on. */
export function isStuck({ lifecycle }: Pick<RecordedObject, 'lifecycle'>, hasOpenTask: boolean): boolean {
  return !hasOpenTask && (lifecycle === 'PROVISIONING' || lifecycle === 'DELETING');
}
