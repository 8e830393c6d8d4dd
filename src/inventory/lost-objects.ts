import type { Session } from '../database';
import { TenantScope } from '../kernel';
import type { TaskStatus } from '../tasks';
import type { ComparisonServices, MarkedObject } from './comparison';
import type { ObjectInventory } from './object-inventory';
import type { Sighting } from './sighting';
import type { SightingStore } from './sighting.store';

interface LostServices extends Pick<ComparisonServices, 'database' | 'tasks'> {
  readonly sightings: SightingStore;
}

/** A task that was cancelled before it began changed nothing. */
const BEGUN: readonly TaskStatus[] = ['QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED'];
const NEWEST = { limit: 1, afterId: null, beforeId: null, backward: false };

/**
 * What is in ERROR for no other reason than that its backend did not list it. A listing that was wrong twice must not
 * make it useless for ever: it is what it was as soon as it is listed again.
 */
export class LostObjects {
  constructor(
    private readonly services: LostServices,
    private readonly inventory: ObjectInventory,
  ) {}

  /**
   * Looks at all that a backend has lost so far.
   * @param present what it lists now
   * @returns the ids of those that are back
   */
  async review(backendId: string, present: readonly MarkedObject[]): Promise<readonly string[]> {
    const { sightings, database } = this.services;
    const back: string[] = [];
    for (const lost of await sightings.lost(database.reader, backendId, this.inventory.kind)) {
      const isListed = present.some(
        ({ externalId, marker }) => externalId === lost.externalId && marker.objectId === lost.objectId,
      );
      const isBack = await database.transaction((session) => this.reviewOne(session, lost, isListed));
      if (isBack) back.push(lost.objectId);
    }
    return back;
  }

  private async reviewOne(session: Session, lost: Sighting, isListed: boolean): Promise<boolean> {
    const { inventory } = this;
    const now = await inventory.lock(session, lost.objectId);
    // Its deletion may still be cancelled.
    if (now?.lifecycle === 'DELETING') return false;
    const isLost = now?.lifecycle === 'ERROR' && now.externalId === lost.externalId;
    const isOurs = isLost && !(await this.wasWorkedOn(session, lost));
    if (isOurs && !isListed) return false;
    await this.services.sightings.forget(session, lost);
    if (isOurs) await inventory.recordBack?.(session, lost.objectId);
    return isOurs;
  }

  /** Whether a task has come to it since: then ERROR is that one's word, and stays. */
  private async wasWorkedOn(session: Session, { objectId, lastSeenAt }: Sighting): Promise<boolean> {
    const begun = { targetId: objectId, statuses: BEGUN };
    const [newest] = await this.services.tasks.list(session, TenantScope.system(), begun, NEWEST);
    return newest !== undefined && newest.createdAt >= lastSeenAt;
  }
}
