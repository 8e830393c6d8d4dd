import { openDatabase } from '../../src/database';
import type { Database, DatabaseConfig } from '../../src/database';
import { SightingStore } from '../../src/inventory';
import { MAX_EXTERNAL_ID } from '../../src/inventory/sighting';
import { TABLES } from '../../src/gateway/tables';
import type { OpenDatabases, TestDatabases } from '../support/test-databases';

const ORPHAN = { type: 'ORPHAN', objectId: 'vm_1', externalId: 'there-1' } as const;
const MISSING = { type: 'MISSING', objectId: 'vm_2', externalId: '' } as const;

/** What makes "seen twice" true over restarts. */
export function describeSightings(kind: string, open: OpenDatabases): void {
  describe(`sightings on ${kind}`, () => {
    let databases: TestDatabases;
    let config: DatabaseConfig;
    let database: Database;
    let store: SightingStore;

    beforeAll(async () => {
      databases = await open();
    });

    beforeEach(async () => {
      config = await databases.fresh();
      database = await openDatabase(config, TABLES);
      store = new SightingStore(database);
    });

    afterEach(async () => {
      await database.close();
    });

    afterAll(async () => {
      await databases.close();
    });

    test('count the passes in a row and keep the time of the first, also over a restart', async () => {
      const [first] = await store.note('bck_1', 'VM', [ORPHAN]);
      expect(first).toMatchObject({ ...ORPHAN, backendId: 'bck_1', kind: 'VM', seenCount: 1 });
      expect(first?.lastSeenAt).toBe(first?.firstSeenAt);
      await database.close();
      database = await openDatabase(config, TABLES);
      store = new SightingStore(database);
      const again = await store.note('bck_1', 'VM', [MISSING, ORPHAN]);
      expect(again).toContainEqual(
        expect.objectContaining({ ...ORPHAN, seenCount: 2, firstSeenAt: first?.firstSeenAt }),
      );
      expect(again).toContainEqual(expect.objectContaining({ ...MISSING, seenCount: 1 }));
      expect((await store.summary(database.reader, 'bck_1')).sightings).toHaveLength(2);
    });

    test('begin anew after a pass that did not come to them', async () => {
      await store.note('bck_1', 'VM', [ORPHAN]);
      await store.note('bck_1', 'VM', [ORPHAN]);
      expect(await store.note('bck_1', 'VM', [])).toEqual([]);
      expect(await store.note('bck_1', 'VM', [ORPHAN])).toMatchObject([{ seenCount: 1 }]);
    });

    test('of another backend, kind, or id on the backend are others', async () => {
      await store.note('bck_1', 'VM', [ORPHAN]);
      expect(await store.note('bck_2', 'VM', [ORPHAN])).toMatchObject([{ seenCount: 1 }]);
      expect(await store.note('bck_1', 'NETWORK', [ORPHAN])).toMatchObject([{ seenCount: 1 }]);
      const twin = { ...ORPHAN, externalId: 'THERE-1' };
      const noted = await store.note('bck_1', 'VM', [ORPHAN, twin]);
      expect(noted.map(({ seenCount }) => seenCount)).toEqual([2, 1]);
    });

    test('that are lost outlast the passes, until they are forgotten', async () => {
      const where = { backendId: 'bck_1', kind: 'NETWORK' } as const;
      const note = () => store.note(where.backendId, where.kind, [MISSING]);
      const lost = () => store.lost(database.reader, where.backendId, where.kind);
      await note();
      const [missing] = await note();
      await database.transaction((session) => store.keepLost(session, { ...where, ...MISSING }));
      expect(await lost()).toMatchObject([
        { ...MISSING, type: 'LOST', seenCount: 2, firstSeenAt: missing?.firstSeenAt },
      ]);
      // It may be missed anew by a pass that does not know yet.
      expect(await note()).toMatchObject([{ type: 'MISSING', seenCount: 1 }]);
      expect(await store.note(where.backendId, where.kind, [])).toEqual([]);
      expect(await store.lost(database.reader, 'bck_2', 'NETWORK')).toEqual([]);
      expect(await store.lost(database.reader, 'bck_1', 'VM')).toEqual([]);
      const [row] = await lost();
      await database.transaction((session) => store.forget(session, row!));
      expect(await lost()).toEqual([]);
      await database.transaction((session) => store.keepLost(session, { ...where, ...MISSING }));
      expect(await lost()).toMatchObject([{ ...MISSING, type: 'LOST' }]);
    });

    test('hold the longest ids that a pass lets through', async () => {
      const longest = { ...ORPHAN, externalId: '\u{1f4bb}'.repeat(MAX_EXTERNAL_ID / 2) };
      await store.note('bck_1', 'VM', [longest]);
      expect(await store.note('bck_1', 'VM', [longest])).toMatchObject([{ ...longest, seenCount: 2 }]);
      const plain = { ...ORPHAN, externalId: 'x'.repeat(MAX_EXTERNAL_ID) };
      expect(await store.note('bck_1', 'VM', [plain])).toMatchObject([plain]);
    });

    test('tell when a backend was last compared', async () => {
      expect(await store.summary(database.reader, 'bck_1')).toEqual({ lastPassAt: null, sightings: [] });
      const before = await database.now();
      await store.passed('bck_1');
      await store.passed('bck_1');
      const { lastPassAt } = await store.summary(database.reader, 'bck_1');
      expect(lastPassAt).toBeGreaterThanOrEqual(before);
      expect((await store.summary(database.reader, 'bck_2')).lastPassAt).toBeNull();
    });
  });
}
