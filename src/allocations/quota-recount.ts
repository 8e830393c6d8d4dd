import type { Database, Session } from '../database';
import { compare } from './drift';
import type { Drift } from './drift';
import type { QuotaStore } from './quota.store';
import type { QuotaKey, Reservation } from './reservation';

/** What a noun's objects take, told by the objects themselves and not by the ledger. */
export interface ReservationSource {
  /** Where it has objects that may take something. */
  keys(session: Session): Promise<QuotaKey[]>;
  /** The reservations that there should be under a key, whose quota is locked. */
  reservations(session: Session, key: QuotaKey): Promise<Reservation[]>;
}

/** Counts anew what is used and held, from the objects and the open tasks, and puts the ledger right. */
export class QuotaRecount {
  constructor(
    private readonly store: QuotaStore,
    private readonly sources: readonly ReservationSource[],
  ) {}

  private get database(): Database {
    return this.store.database;
  }

  /** @returns what was wrong and is not any more; nothing, unless there is a mistake somewhere */
  async run(): Promise<Drift[]> {
    const drifts: Drift[] = [];
    for (const key of await this.keys()) {
      drifts.push(...(await this.database.transaction((session) => this.recount(session, key))));
    }
    return drifts;
  }

  private async keys(): Promise<QuotaKey[]> {
    const { reader } = this.database;
    const keys = await this.store.keys(reader);
    for (const source of this.sources) keys.push(...(await source.keys(reader)));
    return [...new Map(keys.map((key) => [`${key.tenantId} ${key.backendId}`, key])).values()];
  }

  private async recount(session: Session, key: QuotaKey): Promise<readonly Drift[]> {
    // Whoever changes what an object takes needs this lock to commit: under it nothing moves.
    const quota = await this.store.lock(session, key);
    const recorded = await this.store.reservationsIn(session, key);
    const actual: Reservation[] = [];
    for (const source of this.sources) actual.push(...(await source.reservations(session, key)));
    const { drifts, wrong, missing, totals } = compare(key, quota, recorded, actual);
    if (drifts.length === 0) return [];
    await this.store.replace(session, wrong, missing);
    // On a cluster the lock holds on one node only. If another one wrote meanwhile, this write makes the commit fail,
    // and all of it is counted again: no drift is told that was only a moment between two reads.
    await this.store.write(session, quota, totals);
    return drifts;
  }
}
