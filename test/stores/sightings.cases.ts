import { openDatabase } from '../../src/database';
import type { Database, DatabaseConfig } from '../../src/database';
import { SightingStore } from '../../src/inventory';
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
