import { openDatabase } from '../../src/database';
import type { Database } from '../../src/database';
import { EventCursors, EventFeed, eventSubscription, streamEvents } from '../../src/events';
import type { EventFilter, StreamItem } from '../../src/events';
import { newId, silentLogger, TenantScope } from '../../src/kernel';
import { TABLES } from '../../src/gateway/tables';
import { TaskEventStreams } from '../../src/tasks';
import { Signal, sqliteDatabases } from '../support/test-databases';
import type { TestDatabases } from '../support/test-databases';
import { CURSOR_KEY, EngineStage, step, SYSTEM } from '../tasks/engine-stage';
import type { Event } from '../tasks/engine-stage';

const TASKS: EventFilter = { topic: 'TASK' };

describe('a stream of events', () => {
  let databases: TestDatabases;
  let database: Database;
  let feed: EventFeed;
  let written: number;

  beforeEach(async () => {
    databases = await sqliteDatabases();
    database = await openDatabase(await databases.fresh(), TABLES);
    feed = new EventFeed({ database, logger: silentLogger, pollMs: 10 });
    await feed.start();
    written = 0;
  });

  afterEach(async () => {
    await feed.close();
    await database.close();
    await databases.close();
  });

  async function write(
    count: number,
    subjectId = newId('task'),
    tenantId: string | null = null,
  ): Promise<void> {
    for (let sequence = 1; sequence <= count; sequence += 1) {
      written += 1;
      const event = {
        topic: 'TASK',
        subjectId,
        sequence,
        tenantId,
        kind: 'STEP',
        at: written,
        payload: {},
      } as const;
      await database.transaction((session) => feed.append(session, event));
    }
  }

  /** Until the feed has placed everything that was written. */
  async function placed(): Promise<void> {
    while (feed.head < written) await feed.beyond(feed.head, new AbortController().signal);
  }

  function subscribe(
    after: number | null,
    maxBacklog = 10_000,
    filter = TASKS,
  ): AsyncIterableIterator<StreamItem> {
    return eventSubscription((signal) => streamEvents(feed, { filter, after, maxBacklog, signal }));
  }

  async function take(stream: AsyncIterableIterator<StreamItem>, count: number): Promise<StreamItem[]> {
    const items: StreamItem[] = [];
    while (items.length < count) {
      const { value, done } = (await stream.next()) as IteratorResult<StreamItem, undefined>;
      if (done) break;
      items.push(value);
    }
    return items;
  }

  const positions = (items: readonly StreamItem[]): number[] => items.map(({ event }) => event.position);
  const upTo = (count: number, after = 0): number[] =>
    Array.from({ length: count }, (_, index) => after + index + 1);

  /** Those who wait inside the feed; a consumer that has left must not be among them. */
  const waiting = (): number => (feed as unknown as { waiters: Set<unknown> }).waiters.size;

  test('begins where its reader stopped and goes live, without a gap or a double while others write', async () => {
    await write(30);
    await placed();
    const readers = [0, 7, 29, 30].map((after) => take(subscribe(after), 230 - after));
    await Promise.all(Array.from({ length: 10 }, () => write(20)));
    for (const [index, after] of [0, 7, 29, 30].entries()) {
      const items = await readers[index]!;
      expect(positions(items)).toEqual(upTo(230 - after, after));
      expect(items.some(({ lagged }) => lagged)).toBe(false);
    }
  }, 20_000);

  test('begins with what comes next when its reader names nothing', async () => {
    await write(5);
    await placed();
    const stream = subscribe(null);
    const next = take(stream, 2);
    await write(2);
    expect(positions(await next)).toEqual([6, 7]);
  });

  test('says that history was truncated before it goes on', async () => {
    await write(10);
    await placed();
    await database.transaction((session) => feed.outbox.prune(session, 5));
    // As after a restart: this one remembers what it has seen.
    await feed.close();
    feed = new EventFeed({ database, logger: silentLogger, pollMs: 10 });
    await feed.start();
    const items = await take(subscribe(2), 6);
    expect(positions(items)).toEqual(upTo(6, 4));
    expect(items.map(({ lagged }) => lagged)).toEqual([true, false, false, false, false, false]);
    expect((await take(subscribe(4), 1))[0]).toMatchObject({ lagged: false, event: { position: 5 } });
  });

  test('says so when history is truncated while its reader catches up', async () => {
    await write(450);
    await placed();
    await feed.close();
    feed = new EventFeed({ database, logger: silentLogger, pollMs: 10 });
    await feed.start();
    const stream = subscribe(0);
    expect(positions(await take(stream, 200))).toEqual(upTo(200));
    await database.transaction((session) => feed.outbox.prune(session, 301));
    const [next] = await take(stream, 1);
    expect(next).toMatchObject({ lagged: true, event: { position: 301 } });
    expect((await take(stream, 149)).some(({ lagged }) => lagged)).toBe(false);
  });

  test('moves a reader who is too slow on to the newest that fits, and says so', async () => {
    const own: EventFilter = { topic: 'TASK', tenantId: 'ten_own' };
    const stream = subscribe(null, 20, own);
    const first = take(stream, 1);
    await write(1, newId('task'), 'ten_own');
    expect((await first)[0]).toMatchObject({ lagged: false });
    await write(3, newId('task'), 'ten_own');
    await write(40, newId('task'), 'ten_other');
    await placed();
    expect((await take(stream, 1))[0]).toMatchObject({
      lagged: true,
      event: { position: 4, tenantId: 'ten_own' },
    });
    await write(1, newId('task'), 'ten_own');
    expect((await take(stream, 1))[0]).toMatchObject({ lagged: false, event: { position: 45 } });
  });

  test('tells nobody of a lag who missed nothing', async () => {
    const stream = subscribe(null, 5, { topic: 'TASK', tenantId: 'ten_own' });
    const first = take(stream, 2);
    await write(1, newId('task'), 'ten_own');
    await write(40, newId('task'), 'ten_other');
    await placed();
    await write(1, newId('task'), 'ten_own');
    expect((await first).map(({ lagged }) => lagged)).toEqual([false, false]);
  });

  test('is let go of at once when its reader leaves, though nothing happens', async () => {
    const streams = Array.from({ length: 20 }, () => subscribe(null));
    const pending = streams.map((stream) => stream.next());
    while (waiting() < streams.length) await new Promise(setImmediate);
    await Promise.all(streams.map(async (stream) => stream.return?.()));
    expect(await Promise.all(pending)).toEqual(streams.map(() => ({ done: true, value: undefined })));
    expect(waiting()).toBe(0);
  });

  test('ends when the feed closes', async () => {
    const pending = subscribe(null).next();
    await feed.close();
    expect((await pending).done).toBe(true);
  });

  test('a feed that cannot read goes on when it can', async () => {
    const broken = jest.spyOn(feed.outbox, 'hasUnplaced').mockRejectedValueOnce(new Error('away'));
    const next = take(subscribe(0), 3);
    await write(3);
    expect(positions(await next)).toEqual([1, 2, 3]);
    expect(broken).toHaveBeenCalled();
  });
});

describe('the events of a task', () => {
  let databases: TestDatabases;
  let stage: EngineStage;

  beforeEach(async () => {
    databases = await sqliteDatabases();
    stage = await EngineStage.open(await databases.fresh());
    stage.register({ steps: [step('one', () => undefined)] });
  });

  afterEach(async () => {
    await stage.close();
    await databases.close();
  });

  const subscribe = (scope: TenantScope, taskId: string | null, after: string | null = null) =>
    stage.streams.subscribe(scope, { taskId, tenantId: null, after });

  async function all(stream: AsyncIterableIterator<Event>): Promise<Event[]> {
    const events: Event[] = [];
    for await (const event of stream) events.push(event);
    return events;
  }

  test('are told from the beginning to the end, live or long afterwards', async () => {
    const { id } = await stage.enqueue();
    const live = all(await subscribe(SYSTEM, id));
    stage.engine();
    const kinds = ['CREATED', 'STARTED', 'STEP', 'STEP', 'SUCCEEDED'];
    expect((await live).map(({ kind }) => kind)).toEqual(kinds);
    expect(await all(await subscribe(SYSTEM, id))).toEqual(await live);
  });

  test('go on after any cursor, and are over at once after the last', async () => {
    stage.engine();
    const { id } = await stage.enqueue();
    const events = await all(await subscribe(SYSTEM, id));
    for (const [index, { cursor }] of events.entries()) {
      expect(await all(await subscribe(SYSTEM, id, cursor))).toEqual(events.slice(index + 1));
    }
  });

  test('are told after a cursor of a future that a restored database does not know', async () => {
    const lost = new EventCursors(CURSOR_KEY).encode(1_000_000);
    const every = await subscribe(SYSTEM, null, lost);
    const { id } = await stage.enqueue();
    expect((await every.next()).value).toMatchObject({ kind: 'LAGGED', task: { id } });
    expect((await every.next()).value).toMatchObject({ kind: 'CREATED', task: { id } });
    await every.return?.();
    const one = all(await subscribe(SYSTEM, id, lost));
    stage.engine();
    expect((await one).map(({ kind }) => kind)).toEqual(['CREATED', 'STARTED', 'STEP', 'STEP', 'SUCCEEDED']);
  });

  test('are over at once when the task is and its history is no longer kept', async () => {
    stage.engine();
    const { id } = await stage.enqueue();
    await stage.ended(id);
    await stage.database.transaction((session) => stage.feed.outbox.prune(session, Date.now() + 60_000));
    expect(await all(await subscribe(SYSTEM, id))).toEqual([]);
  });

  test('say LAGGED where the beginning is no longer kept', async () => {
    const goOn = new Signal();
    stage.register({ operation: 'STOP_VM', steps: [step('one', () => goOn.raised)] });
    stage.engine();
    const { id } = await stage.enqueue({ operation: 'STOP_VM' });
    await stage.until(id, ({ kind }) => kind === 'STEP');
    await stage.database.transaction((session) => stage.feed.outbox.prune(session, Date.now() + 60_000));
    const restarted = new EventFeed({ database: stage.database, logger: silentLogger, pollMs: 10 });
    await restarted.start();
    const cursors = new EventCursors(CURSOR_KEY);
    const streams = new TaskEventStreams({
      feed: restarted,
      cursors,
      tasks: stage.service,
      requireTenant: () => Promise.resolve(),
      maxBacklog: 10_000,
    });
    const stream = await streams.subscribe(SYSTEM, { taskId: id, tenantId: null, after: null });
    goOn.raise();
    const kinds = (await all(stream)).map(({ kind }) => kind);
    await restarted.close();
    expect(kinds).toEqual(['LAGGED', 'STEP', 'SUCCEEDED']);
  });

  test('are shown to nobody else: neither one task nor all of them', async () => {
    stage.engine();
    const member = (tenantId: string): TenantScope => TenantScope.member(tenantId, 'OWNER', 'tok');
    const [own, foreign] = [newId('tenant'), newId('tenant')];
    const beginning = new EventCursors(CURSOR_KEY).encode(0);
    const ours = await subscribe(member(own), null, beginning);
    const theirTask = await stage.enqueue({ tenantId: foreign });
    await stage.ended(theirTask.id);
    const ourTask = await stage.enqueue({ tenantId: own });
    await stage.ended(ourTask.id);
    for (let count = 0; count < 5; count += 1) {
      const { value } = (await ours.next()) as { value: Event };
      expect(value.task.id).toBe(ourTask.id);
    }
    await ours.return?.();
    await expect(subscribe(member(own), theirTask.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const asked = stage.streams.subscribe(member(own), { taskId: null, tenantId: foreign, after: null });
    await expect(asked).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test.each(['', 'abc', '1', Buffer.alloc(16).toString('base64url'), 'A'.repeat(22), 'ä'.repeat(22)])(
    'the forged cursor %j is refused',
    async (after) => {
      const { id } = await stage.enqueue();
      await expect(subscribe(SYSTEM, id, after)).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        details: { field: 'after' },
      });
    },
  );

  test('cursors hide their position, and another installation’s are refused', () => {
    const cursors = new EventCursors(CURSOR_KEY);
    for (const position of [0, 1, 2 ** 31, 2 ** 52]) {
      expect(cursors.decode(cursors.encode(position), 'after')).toBe(position);
    }
    const others = new EventCursors(Buffer.alloc(16, 8));
    expect(() => cursors.decode(others.encode(5), 'after')).toThrow('not a cursor');
    const [one, next] = [cursors.encode(1), cursors.encode(2)].map((text) => Buffer.from(text, 'base64url'));
    expect(one!.filter((byte, index) => byte === next![index]).length).toBeLessThan(8);
  });
});
