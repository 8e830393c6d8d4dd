import { openDatabase } from '../../src/database';
import type { Database, DatabaseConfig } from '../../src/database';
import { EventFeed } from '../../src/events';
import type { EventDraft, PlacedEvent } from '../../src/events';
import { silentLogger } from '../../src/kernel';
import { TABLES } from '../../src/gateway/tables';
import type { OpenDatabases, TestDatabases } from '../support/test-databases';

function draft(subjectId: string, sequence: number, more: Partial<EventDraft> = {}): EventDraft {
  const base = { topic: 'TASK', tenantId: null, kind: 'CHANGED', at: 1_000, payload: { sequence } } as const;
  return { ...base, subjectId, sequence, ...more };
}

function expectGapless(events: readonly PlacedEvent[], after = 0): void {
  expect(events.map(({ position }) => position)).toEqual(events.map((_, index) => after + index + 1));
  const last = new Map<string, number>();
  for (const { subjectId, sequence } of events) {
    expect([subjectId, sequence]).toEqual([subjectId, (last.get(subjectId) ?? 0) + 1]);
    last.set(subjectId, sequence);
  }
}

/** The one order of events: gapless over all of them, and each subject's own order within. */
export function describeOutbox(kind: string, open: OpenDatabases): void {
  describe(`the outbox on ${kind}`, () => {
    let databases: TestDatabases;
    let config: DatabaseConfig;
    let database: Database;
    let feed: EventFeed;

    beforeAll(async () => {
      databases = await open();
    });

    beforeEach(async () => {
      config = await databases.fresh();
      database = await openDatabase(config, TABLES);
      feed = new EventFeed({ database, logger: silentLogger, pollMs: 3_600_000 });
    });

    afterEach(async () => {
      await feed.close();
      await database.close();
    });

    afterAll(async () => {
      await databases.close();
    });

    const append = (...drafts: EventDraft[]): Promise<void> =>
      database.transaction(async (session) => {
        for (const one of drafts) await feed.outbox.append(session, one);
      });
    const place = (limit = 500): Promise<PlacedEvent[]> =>
      database.transaction((session) => feed.outbox.placeNext(session, limit));
    const all = (after = 0): Promise<PlacedEvent[]> =>
      feed.outbox.readAfter(database.reader, after, 10_000, null);

    test('shows an event only when it is placed, and hands its content on as it was', async () => {
      const payload = { text: 'Grüße, 你好 🙂', list: [1, null, { deep: true }] };
      await append(draft('vm_a', 1, { payload, tenantId: 'ten_1', kind: 'CREATED', at: 1_700_000_000_123 }));
      expect(await all()).toEqual([]);
      expect(await feed.outbox.hasUnplaced(database.reader)).toBe(true);
      await place();
      expect(await feed.outbox.hasUnplaced(database.reader)).toBe(false);
      expect(await all()).toMatchObject([
        { position: 1, payload, tenantId: 'ten_1', kind: 'CREATED', at: 1_700_000_000_123, sequence: 1 },
      ]);
      expect(await feed.outbox.head(database.reader)).toBe(1);
    });

    test('keeps a subject’s own order even where the clocks of several nodes disagree', async () => {
      await append(
        draft('vm_a', 1, { at: 500 }),
        draft('vm_b', 1, { at: 400 }),
        draft('vm_a', 2, { at: 300 }),
      );
      await append(draft('vm_b', 2, { at: 100 }), draft('vm_a', 3, { at: 200 }));
      await place();
      expectGapless(await all());
    });

    test('takes a sequence number of a subject once only', async () => {
      await append(draft('vm_a', 1));
      await expect(append(draft('vm_a', 1))).rejects.toThrow();
    });

    test('is placed without gap or double by several processes at once, while others write', async () => {
      const others = await Promise.all([1, 2].map(() => openDatabase(config, TABLES)));
      const writers = [database, ...others];
      const write = async (on: Database, subject: string): Promise<void> => {
        for (let sequence = 1; sequence <= 15; sequence += 1) {
          await on.transaction((session) => feed.outbox.append(session, draft(subject, sequence)));
          await on.transaction((session) => feed.outbox.placeNext(session, 2));
        }
      };
      await Promise.all(writers.map((on, index) => write(on, `vm_${String(index)}`)));
      while ((await place(7)).length > 0);
      const events = await all();
      expect(events).toHaveLength(45);
      expectGapless(events);
      for (const other of others) await other.close();
    }, 60_000);

    test('is read from a position on, by topic, tenant and subject', async () => {
      await append(
        draft('tsk_a', 1, { tenantId: 'ten_1' }),
        draft('tsk_b', 1, { tenantId: 'ten_2' }),
        draft('vm_a', 1, { tenantId: 'ten_1', topic: 'VM' }),
        draft('tsk_a', 2, { tenantId: 'ten_1' }),
      );
      await place();
      const read = async (after: number, limit: number, filter: Parameters<typeof feed.readAfter>[2]) =>
        (await feed.outbox.readAfter(database.reader, after, limit, filter)).map(
          ({ subjectId, sequence }) => `${subjectId} ${String(sequence)}`,
        );
      expect(await read(0, 10, { topic: 'TASK' })).toEqual(['tsk_a 1', 'tsk_b 1', 'tsk_a 2']);
      expect(await read(0, 2, { topic: 'TASK' })).toEqual(['tsk_a 1', 'tsk_b 1']);
      expect(await read(1, 10, { topic: 'TASK', tenantId: 'ten_1' })).toEqual(['tsk_a 2']);
      expect(await read(0, 10, { topic: 'TASK', subjectId: 'tsk_b' })).toEqual(['tsk_b 1']);
      expect(await read(0, 10, { topic: 'VM', tenantId: 'ten_2' })).toEqual([]);
    });

    test('forgets what is old, and remembers up to where, never going back', async () => {
      for (let sequence = 1; sequence <= 5; sequence += 1)
        await append(draft('vm_a', sequence, { at: sequence * 100 }));
      await place();
      await append(draft('vm_a', 6, { at: 1 }));
      const prune = (before: number): Promise<number> =>
        database.transaction((session) => feed.outbox.prune(session, before));
      expect(await prune(100)).toBe(0);
      expect(await feed.outbox.prunedThrough(database.reader)).toBe(0);
      expect(await prune(301)).toBe(3);
      expect(await feed.outbox.prunedThrough(database.reader)).toBe(3);
      expect((await all()).map(({ position }) => position)).toEqual([4, 5]);
      expect(await prune(301)).toBe(0);
      expect(await feed.outbox.prunedThrough(database.reader)).toBe(3);
      await place();
      expect((await all()).map(({ position }) => position)).toEqual([4, 5, 6]);
    });

    test('a feed passes on what other processes wrote and what it wrote itself, from memory as from the disk', async () => {
      const other = await openDatabase(config, TABLES);
      const reading = new EventFeed({ database: other, logger: silentLogger, pollMs: 10 });
      await reading.start();
      const seen: PlacedEvent[] = [];
      const end = new AbortController();
      for (let sequence = 1; sequence <= 30; sequence += 1) {
        const from = sequence % 2 === 0 ? { feed, database } : { feed: reading, database: other };
        await from.database.transaction((session) => from.feed.append(session, draft('vm_a', sequence)));
      }
      while (seen.length < 30) {
        await reading.beyond(seen.length, end.signal);
        seen.push(...(await reading.readAfter(seen.length, 7, { topic: 'TASK' })));
      }
      expectGapless(seen);
      expect(await reading.readAfter(12, 100, { topic: 'TASK' })).toEqual(
        await reading.outbox.readAfter(other.reader, 12, 100, { topic: 'TASK' }),
      );
      await reading.close();
      await other.close();
    }, 30_000);
  });
}
