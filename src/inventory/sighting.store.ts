import { Not } from 'typeorm';
import { insertRows, updateRows } from '../database';
import type { Database, Session } from '../database';
import { findingKey } from './sighting';
import type { Finding, InventoryKind, ReconciliationSummary, Sighting } from './sighting';
import type { ReconciliationRow, SightingRow } from './sighting.table';

const SAME_FINDING =
  'backend_id = :backendId AND kind = :kind AND type = :type AND object_id = :objectId AND external_id = :externalId';

/** Remembers what the passes found, over restarts and whichever process makes the next pass. */
export class SightingStore {
  constructor(readonly database: Database) {}

  /**
   * Takes in what one complete pass found: what was found before counts one more, what was not found is forgotten, but
   * for what is LOST.
   * @returns all that is found now
   */
  async note(
    backendId: string,
    kind: InventoryKind,
    findings: readonly Finding[],
  ): Promise<readonly Sighting[]> {
    return this.database.transaction(async (session) => {
      const now = await this.database.now(session);
      const passing = { backendId, kind, type: Not('LOST' as const) };
      const before = await session.find<SightingRow>('Sighting', { where: passing });
      const known = new Map(before.map((row) => [findingKey(row), row]));
      const found = new Map(findings.map((finding) => [findingKey(finding), finding]));
      for (const [key, row] of known) if (!found.has(key)) await this.forget(session, row);
      const noted: Sighting[] = [];
      for (const [key, { type, objectId, externalId }] of found) {
        const identity = { backendId, kind, type, objectId, externalId };
        const old = known.get(key);
        const { firstSeenAt = now, seenCount = 0 } = old ?? {};
        const row = { ...identity, firstSeenAt, lastSeenAt: now, seenCount: seenCount + 1 };
        if (old) {
          const patch = { lastSeenAt: now, seenCount: row.seenCount };
          await updateRows<SightingRow>(session, 'Sighting', patch, SAME_FINDING, identity);
        } else await insertRows<SightingRow>(session, 'Sighting', row);
        noted.push(row);
      }
      return noted;
    });
  }

  /** Keeps what is MISSING as LOST, also where another process has just forgotten it. */
  async keepLost(
    session: Session,
    missing: Pick<Sighting, 'backendId' | 'kind' | 'objectId' | 'externalId'>,
  ): Promise<void> {
    const { backendId, kind, objectId, externalId } = missing;
    const identity = { type: 'MISSING', backendId, kind, objectId, externalId };
    const now = await this.database.now(session);
    const patch = { type: 'LOST' as const, lastSeenAt: now };
    if ((await updateRows<SightingRow>(session, 'Sighting', patch, SAME_FINDING, identity)) === 1) return;
    const row = { ...identity, ...patch, firstSeenAt: now, seenCount: 1 };
    await insertRows<SightingRow>(session, 'Sighting', row);
  }

  /** All that a backend has lost of a kind, until it is forgotten. */
  lost(session: Session, backendId: string, kind: InventoryKind): Promise<readonly Sighting[]> {
    return session.find<SightingRow>('Sighting', { where: { backendId, kind, type: 'LOST' } });
  }

  async forget(session: Session, sighting: Sighting): Promise<void> {
    const { backendId, kind, type, objectId, externalId } = sighting;
    await session.delete<SightingRow>('Sighting', { backendId, kind, type, objectId, externalId });
  }

  /** Notes that a backend has just been compared in whole. */
  async passed(backendId: string): Promise<void> {
    await this.database.transaction(async (session) => {
      const lastPassAt = await this.database.now(session);
      if (await session.exists<ReconciliationRow>('Reconciliation', { where: { backendId } })) {
        const same = 'backend_id = :backendId';
        await updateRows<ReconciliationRow>(session, 'Reconciliation', { lastPassAt }, same, { backendId });
      } else await insertRows<ReconciliationRow>(session, 'Reconciliation', { backendId, lastPassAt });
    });
  }

  async summary(session: Session, backendId: string): Promise<ReconciliationSummary> {
    const passed = await session.findOne<ReconciliationRow>('Reconciliation', { where: { backendId } });
    const sightings = await session.find<SightingRow>('Sighting', { where: { backendId } });
    return { lastPassAt: passed?.lastPassAt ?? null, sightings };
  }
}
