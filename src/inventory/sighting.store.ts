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
   * Takes in what one complete pass found: what was found before counts one more, what was not found is forgotten.
   * @returns all that is found now
   */
  async note(
    backendId: string,
    kind: InventoryKind,
    findings: readonly Finding[],
  ): Promise<readonly Sighting[]> {
    return this.database.transaction(async (session) => {
      const now = await this.database.now(session);
      const before = await session.find<SightingRow>('Sighting', { where: { backendId, kind } });
      const known = new Map(before.map((row) => [findingKey(row), row]));
      const found = new Map(findings.map((finding) => [findingKey(finding), finding]));
      for (const [key, row] of known) if (!found.has(key)) await this.remove(session, row);
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

  private async remove(session: Session, sighting: Sighting): Promise<void> {
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
