import type { LiveBackend } from '../backends';
import { pause } from '../kernel';
import type { Logger } from '../kernel';
import { unwatchedCall } from '../providers/contract';
import { compare } from './comparison';
import type { Comparison, Difference, MarkedObject } from './comparison';
import { LostObjects } from './lost-objects';
import type { ObjectInventory } from './object-inventory';
import { Repairs } from './repairs';
import type { PassCall, RepairServices } from './repairs';
import { findingKey, isRipe } from './sighting';
import type { FindingType, InventoryKind } from './sighting';

/** OFF only takes in what is listed; REPORT also remembers and tells what differs; REPAIR does something about it. */
export type ReconcileMode = 'off' | 'report' | 'repair';
export type PassOutcome = 'DONE' | 'FAILED';

/** What the reconciler tells of its work, by the backend's name. */
export interface ReconcilerMetrics {
  onPass(backend: string, outcome: PassOutcome): void;
  onRemoved(backend: string, kind: InventoryKind): void;
  onMissing(backend: string, kind: InventoryKind): void;
  onStuck(backend: string, kind: InventoryKind): void;
}

export interface ReconcilerOptions extends RepairServices {
  /** In the order in which they are looked at: what stands on another kind first. */
  readonly inventories: readonly ObjectInventory[];
  readonly logger: Logger;
  readonly metrics: ReconcilerMetrics;
  readonly mode: ReconcileMode;
  readonly intervalMs: number;
  /** How long something has to be seen, on top of the backend's `listingLagMs`, before anything is done about it. */
  readonly graceMs: number;
}

/** Differences that are seen to at one time on one backend. */
const PARALLEL_REPAIRS = 4;
/**
 * Whatever is made has its row first, so that objects without any row are rare; many at once say that the database has
 * lost rows, for one after a restore, and removing them would turn that loss into one of VMs.
 */
const MAX_UNRECORDED = 10;

/**
 * Compares each backend with the database, and repairs both ways. Between two passes it remembers nothing but what is in
 * the database, so that any process may make the next one.
 */
export class Reconciler {
  constructor(private readonly options: ReconcilerOptions) {}

  /**
   * Looks at one backend now and then, until `signal` is aborted.
   * @param assertHeld throws when this process is not the one that may do so any more; asked before every removal
   */
  async run(live: LiveBackend, signal: AbortSignal, assertHeld: () => void): Promise<void> {
    while (!signal.aborted) {
      await this.pass(live, signal, assertHeld);
      await pause(this.options.intervalMs, signal).catch(() => undefined);
    }
  }

  /** Looks at one backend once. Never throws: a backend that cannot be listed in whole is left as it is. */
  async pass(
    live: LiveBackend,
    signal: AbortSignal,
    assertHeld: () => void = () => undefined,
  ): Promise<PassOutcome> {
    const { logger, metrics, sightings, inventories, mode } = this.options;
    const { id, name } = live.backend;
    const call = { ...unwatchedCall(signal, logger), assertHeld };
    try {
      for (const inventory of inventories) await this.look(live, inventory, call);
      if (mode !== 'off') await sightings.passed(id);
      metrics.onPass(name, 'DONE');
      return 'DONE';
    } catch (error) {
      if (signal.aborted) return 'FAILED';
      logger.warn({ err: error, backend: name }, 'A backend could not be compared with the database.');
      metrics.onPass(name, 'FAILED');
      return 'FAILED';
    }
  }

  private async look(live: LiveBackend, inventory: ObjectInventory, call: PassCall): Promise<void> {
    const { mode, sightings, database } = this.options;
    const { id } = live.backend;
    // Read before the listing begins: what is made meanwhile may be missing in it.
    const expected = await inventory.recordedOn(database.reader, id, ['PROVISIONING', 'ACTIVE', 'DELETING']);
    const found = await inventory.list(live, call);
    if (mode === 'off') return;
    const comparison = await compare(this.options, inventory, id, expected, found);
    const noted = await sightings.note(id, inventory.kind, comparison.differences);
    const graceMs = live.provider.capabilities.listingLagMs + this.options.graceMs;
    const ripe = new Set(noted.filter((one) => isRipe(one, graceMs)).map(findingKey));
    const due = comparison.differences.filter((one) => ripe.has(findingKey(one)));
    if (mode === 'repair') await this.repair(live, inventory, { ...comparison, differences: due }, call);
  }

  private async repair(
    live: LiveBackend,
    inventory: ObjectInventory,
    { differences, unlinked, present }: Comparison,
    call: PassCall,
  ): Promise<void> {
    const { id, name } = live.backend;
    const { kind } = inventory;
    // First, so that one is never lost twice.
    for (const objectId of await new LostObjects(this.options, inventory).review(id, present))
      this.options.logger.info({ backend: name, kind, objectId }, 'What was missing on a backend is back.');
    const repairs = new Repairs(this.options, inventory);
    for (const one of unlinked) await this.link(live, repairs, one, call);
    const due = this.seenTo(name, differences);
    for (let from = 0; from < due.length; from += PARALLEL_REPAIRS) {
      const some = due.slice(from, from + PARALLEL_REPAIRS);
      await Promise.all(some.map((one) => this.act(live, repairs, one, call)));
    }
  }

  /** All that may be seen to: what looks like a loss of the database is left out. */
  private seenTo(backend: string, differences: readonly Difference[]): readonly Difference[] {
    const isUnrecorded = ({ type, recorded }: Difference): boolean => type === 'ORPHAN' && recorded === null;
    const unrecorded = differences.filter(isUnrecorded).length;
    if (unrecorded <= MAX_UNRECORDED) return differences;
    this.options.logger.error(
      { backend, unrecorded },
      'The backend holds more of ours that the database does not know than a crash could leave. They are kept.',
    );
    return differences.filter((one) => !isUnrecorded(one));
  }

  /** What cannot be told now the next pass asks again. */
  private async link(live: LiveBackend, repairs: Repairs, one: MarkedObject, call: PassCall): Promise<void> {
    try {
      await repairs.link(live, one, call);
    } catch (error) {
      if (call.signal.aborted) return;
      const subject = { backend: live.backend.name, kind: repairs.kind, externalId: one.externalId };
      this.options.logger.warn({ err: error, ...subject }, 'The id of an object could not be recorded.');
    }
  }

  /** One that cannot be repaired keeps no other from it; the next pass tries again. */
  private async act(
    live: LiveBackend,
    repairs: Repairs,
    difference: Difference,
    call: PassCall,
  ): Promise<void> {
    const { logger } = this.options;
    const { type, objectId, externalId, recorded } = difference;
    const { name } = live.backend;
    const subject = { backend: name, kind: repairs.kind, type, objectId, externalId };
    try {
      if (!(await repairs.repair(live, difference, call))) return;
      this.count(name, repairs.kind, type);
      logger.warn({ ...subject, lifecycle: recorded?.lifecycle }, 'A difference to a backend was repaired.');
    } catch (error) {
      if (call.signal.aborted) return;
      logger.warn({ err: error, ...subject }, 'A difference to a backend could not be repaired.');
    }
  }

  private count(backend: string, kind: InventoryKind, type: FindingType): void {
    const { metrics, logger } = this.options;
    if (type === 'ORPHAN') metrics.onRemoved(backend, kind);
    if (type === 'MISSING') metrics.onMissing(backend, kind);
    if (type !== 'STUCK') return;
    metrics.onStuck(backend, kind);
    logger.error({ backend, kind }, 'An object waited for a task that there was not.');
  }
}
