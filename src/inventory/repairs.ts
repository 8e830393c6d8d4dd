import type { LiveBackend } from '../backends';
import type { Session } from '../database';
import type { CallContext, Marker } from '../providers/contract';
import { readFacts } from './comparison';
import type { ComparisonServices, Difference, MarkedObject } from './comparison';
import type { ObjectInventory } from './object-inventory';
import { removeToEnd } from './removal';
import type { InventoryKind } from './sighting';
import type { SightingStore } from './sighting.store';
import { isStuck, standingOf } from './standing';
import type { RecordedObject } from './standing';

export interface RepairServices extends ComparisonServices {
  readonly sightings: SightingStore;
}

export interface PassCall extends CallContext {
  /** Throws when another process may have begun a pass meanwhile. */
  assertHeld(): void;
}

/**
 * What is done about a difference. Each repair looks once more, at the backend and at the database, and does nothing
 * where what it sees is not what the pass saw.
 */
export class Repairs {
  constructor(
    private readonly services: RepairServices,
    private readonly inventory: ObjectInventory,
  ) {}

  get kind(): InventoryKind {
    return this.inventory.kind;
  }

  /** Does what there is to do about a difference. True when something was done. */
  async repair(live: LiveBackend, difference: Difference, call: PassCall): Promise<boolean> {
    const { type, found, recorded } = difference;
    if (type === 'ORPHAN') return found !== null && this.removeOrphan(live, found, call);
    if (type === 'MISSING') return this.recordMissing(live, difference, call);
    // A copy stays.
    return type === 'STUCK' && recorded !== null && this.settle(recorded);
  }

  /** Removes an orphan from its backend. True when that was done. @throws what the backend refuses it with */
  private async removeOrphan(
    live: LiveBackend,
    { externalId, marker }: MarkedObject,
    call: PassCall,
  ): Promise<boolean> {
    const { inventory, services } = this;
    const found = await inventory.look(live, externalId, marker, call);
    if (found?.externalId !== externalId) return false;
    const known = await readFacts(services, inventory, services.database.reader, [marker.objectId]);
    const facts = known(marker.objectId);
    const place = { installationId: services.installationId, backendId: live.backend.id };
    if (standingOf(found, { ...place, ...facts, recordedIsListed: true }) !== 'ORPHAN') return false;
    const remove = async (): Promise<boolean> => {
      const isDone = await removeToEnd(live.provider, call, (inner) => {
        call.assertHeld();
        return inventory.remove(live, externalId, marker, inner);
      });
      const subject = { backend: live.backend.name, kind: inventory.kind, externalId };
      if (!isDone) call.logger.warn(subject, 'A removal takes its time. The next pass asks for it again.');
      return isDone;
    };
    return facts.recorded?.lifecycle === 'ERROR' ? this.whileRemoving(facts.recorded, remove) : remove();
  }

  /**
   * A failed creation may be asked for again at any time, and the new one would carry the same marker. So the object is
   * DELETING meanwhile. Should this process die, the next pass finds it stuck.
   */
  private async whileRemoving(failed: RecordedObject, remove: () => Promise<boolean>): Promise<boolean> {
    const { inventory } = this;
    const begun = await this.ifUntouched(failed, async (session) => {
      await inventory.recordRemoving(session, failed.id);
      return true;
    });
    if (!begun) return false;
    try {
      return await remove();
    } finally {
      await this.settle({ ...failed, lifecycle: 'DELETING' });
    }
  }

  /** Writes that an object is gone. True when that is news. */
  private async recordMissing(
    live: LiveBackend,
    { objectId, externalId, recorded }: Difference,
    call: CallContext,
  ): Promise<boolean> {
    if (!recorded || recorded.isGone) return false;
    if (await this.inventory.look(live, externalId, this.markerOf(recorded), call)) return false;
    return this.ifUntouched(recorded, async (session) => {
      const { inventory, services } = this;
      const missing = { backendId: live.backend.id, kind: inventory.kind, objectId, externalId };
      if (inventory.recordBack) await services.sightings.keepLost(session, missing);
      return inventory.recordGone(session, objectId);
    });
  }

  private markerOf({ id, tenantId, createTaskId }: RecordedObject): Marker {
    const { installationId } = this.services;
    return { installationId, tenantId, objectId: id, operationId: createTaskId ?? id };
  }

  /**
   * Writes the id under which the backend has an object that is on record. Not while it has it under the recorded one,
   * too: listings lag, and a copy must not take the place of what it was made from.
   */
  async link(live: LiveBackend, { externalId, marker }: MarkedObject, call: CallContext): Promise<void> {
    const { inventory } = this;
    const [recorded] = await inventory.recorded(this.services.database.reader, [marker.objectId]);
    if (!recorded || recorded.lifecycle === 'DELETED') return;
    if (recorded.externalId !== null) {
      const own = await inventory.look(live, recorded.externalId, this.markerOf(recorded), call);
      if (own?.externalId === recorded.externalId) return;
    }
    await this.ifUntouched(recorded, async (session) => {
      await inventory.recordFound(session, recorded.id, externalId);
      return true;
    });
  }

  /** Ends the waiting for a task that is not there. True when that was necessary. */
  private settle(stuck: RecordedObject): Promise<boolean> {
    return this.ifUntouched(stuck, async (session) => {
      if (!isStuck(stuck, false)) return false;
      await this.inventory.recordFailed(session, stuck.id);
      return true;
    });
  }

  /** Writes while the object is as it was seen and no task is on it; whoever enqueues one takes the same lock. */
  private ifUntouched(seen: RecordedObject, write: (session: Session) => Promise<boolean>): Promise<boolean> {
    return this.services.database.transaction(async (session) => {
      const now = await this.inventory.lock(session, seen.id);
      if (now?.lifecycle !== seen.lifecycle || now.externalId !== seen.externalId) return false;
      const known = await readFacts(this.services, this.inventory, session, [seen.id]);
      return known(seen.id).hasOpenTask ? false : write(session);
    });
  }
}
