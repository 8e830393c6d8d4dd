import { openDatabase } from '../../src/database';
import type { Database, DatabaseConfig, Session } from '../../src/database';
import { TABLES } from '../../src/gateway/tables';
import { Signal } from '../support/test-databases';
import type { OpenDatabases, TestDatabases } from '../support/test-databases';

const put = async (session: Session, name: string, value = ''): Promise<void> => {
  await session.insert('Installation', { name, value });
};
const names = async (session: Session): Promise<string[]> =>
  (await session.find<{ name: string }>('Installation', { order: { name: 'ASC' } })).map(({ name }) => name);

/** What every store builds upon. */
export function describeTransactions(kind: string, open: OpenDatabases): void {
  describe(`transactions on ${kind}`, () => {
    let databases: TestDatabases;
    let config: DatabaseConfig;
    let database: Database;
    let other: Database;

    beforeAll(async () => {
      databases = await open();
      config = await databases.fresh();
      database = await openDatabase(config, TABLES);
      other = await openDatabase(config, TABLES);
    });

    afterAll(async () => {
      await other.close();
      await database.close();
      await databases.close();
    });

    beforeEach(async () => {
      await database.transaction((session) => session.clear('Installation'));
    });

    test('commit as a whole, and are seen by nobody before', async () => {
      await database.transaction(async (session) => {
        await put(session, 'a');
        expect(await names(session)).toEqual(['a']);
        expect(await names(database.reader)).toEqual([]);
        expect(await names(other.reader)).toEqual([]);
        await put(session, 'b');
      });
      expect(await names(database.reader)).toEqual(['a', 'b']);
      expect(await names(other.reader)).toEqual(['a', 'b']);
    });

    test('leave nothing when their work throws, and pass on what it threw', async () => {
      const thrown = new Error('no');
      const work = database.transaction(async (session) => {
        await put(session, 'a');
        throw thrown;
      });
      await expect(work).rejects.toBe(thrown);
      expect(await names(database.reader)).toEqual([]);
      await database.transaction((session) => put(session, 'b'));
      expect(await names(other.reader)).toEqual(['b']);
    });

    test('go on with the next one after a statement that failed', async () => {
      const twice = database.transaction(async (session) => {
        await put(session, 'a');
        await put(session, 'a');
      });
      await expect(twice).rejects.toThrow();
      await database.transaction((session) => put(session, 'b'));
      expect(await names(database.reader)).toEqual(['b']);
    });

    test('pass on what failed even where the transaction is over before it can be rolled back', async () => {
      const work = database.transaction(async (session) => {
        await put(session, 'a');
        await session.query('ROLLBACK');
        throw new Error('the disk is full');
      });
      await expect(work).rejects.toThrow('the disk is full');
      await database.transaction((session) => put(session, 'b'));
      expect(await names(database.reader)).toEqual(['b']);
    });

    test('call their hooks after the commit and not without one', async () => {
      const seen: string[] = [];
      await database.transaction(async (session) => {
        await put(session, 'a');
        database.afterCommit(session, () => seen.push('first'));
        database.afterCommit(session, () => seen.push('second'));
        expect(seen).toEqual([]);
      });
      expect(seen).toEqual(['first', 'second']);
      const failed = database.transaction(async (session) => {
        database.afterCommit(session, () => seen.push('never'));
        await Promise.reject(new Error('no'));
      });
      await expect(failed).rejects.toThrow('no');
      await database.transaction((session) => put(session, 'b'));
      expect(seen).toEqual(['first', 'second']);
    });

    test.each([1213, 1205, 1020])('run again as a whole after error %i', async (errno) => {
      let attempts = 0;
      const hooks: number[] = [];
      await database.transaction(async (session) => {
        attempts += 1;
        const attempt = attempts;
        database.afterCommit(session, () => hooks.push(attempt));
        await put(session, `attempt-${String(attempt)}`);
        if (attempt < 3) throw Object.assign(new Error('conflict'), { errno });
      });
      expect(await names(database.reader)).toEqual(['attempt-3']);
      expect(hooks).toEqual([3]);
    });

    test('answer UNAVAILABLE, which may be tried again, when the conflicts do not end', async () => {
      const work = database.transaction(async () => {
        throw Object.assign(new Error('conflict'), { errno: 1213 });
      });
      await expect(work).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: true });
    }, 30_000);

    test('of two gateways wait for each other', async () => {
      const entered = new Signal();
      const leave = new Signal();
      const first = database.transaction(async (session) => {
        await put(session, 'counter', '1');
        entered.raise();
        await leave.raised;
      });
      await entered.raised;
      const second = other.transaction(async (session) => {
        await session.update('Installation', { name: 'counter' }, { value: '2' });
      });
      // Long enough for the second one to find the row, or the file, locked.
      setTimeout(leave.raise, 150);
      await Promise.all([first, second]);
      const row = await database.reader.findOneByOrFail<{ name: string; value: string }>('Installation', {
        name: 'counter',
      });
      expect(row.value).toBe('2');
    }, 30_000);

    test('lose no update of many', async () => {
      await database.transaction((session) => put(session, 'counter', '0'));
      const add = (on: Database): Promise<void> =>
        on.transaction(async (session) => {
          await session.query("UPDATE installation SET value = value + 1 WHERE name = 'counter'");
        });
      await Promise.all(Array.from({ length: 60 }, (_, index) => add(index % 2 === 0 ? database : other)));
      const row = await database.reader.findOneByOrFail<{ name: string; value: string }>('Installation', {
        name: 'counter',
      });
      expect(Number(row.value)).toBe(60);
    }, 30_000);

    test('read one clock: milliseconds since the epoch, never going back', async () => {
      const before = Date.now();
      const moments: number[] = [];
      for (let count = 0; count < 20; count += 1) moments.push(await database.now());
      const within = await database.transaction((session) => database.now(session));
      expect(moments).toEqual([...moments].sort((a, b) => a - b));
      expect(Number.isInteger(within)).toBe(true);
      // The servers of these tests run on this machine.
      expect(Math.abs(within - before)).toBeLessThan(60_000);
    });
  });
}
