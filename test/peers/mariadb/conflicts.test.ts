import { createConnection } from 'mysql2/promise';
import type { Connection } from 'mysql2/promise';
import { openDatabase } from '../../../src/database';
import type { Database, DatabaseConfig, Session } from '../../../src/database';
import { TABLES } from '../../../src/gateway/tables';
import { mysqlDatabases, Signal } from '../../support/test-databases';
import { startMariadb } from '../support/mariadb';
import type { Mariadb } from '../support/mariadb';

/** Conflicts as the server itself makes them, not as we imagine them. */
describe('conflicts on MariaDB', () => {
  let mariadb: Mariadb;
  let config: Extract<DatabaseConfig, { type: 'mysql' }>;
  let database: Database;

  beforeAll(async () => {
    mariadb = await startMariadb();
    config = (await mysqlDatabases(mariadb.url).empty()) as typeof config;
    database = await openDatabase(config, TABLES);
  }, 60_000);

  beforeEach(async () => {
    await database.transaction(async (session) => {
      await session.clear('Installation');
      for (const name of ['a', 'b']) await session.insert('Installation', { name, value: '0' });
    });
  });

  afterAll(async () => {
    await database.close();
    await mariadb.stop();
  }, 60_000);

  const add = (session: Session, name: string): Promise<unknown> =>
    session.query('UPDATE installation SET value = value + 1 WHERE name = ?', [name]);

  async function values(): Promise<string[]> {
    const rows = await database.reader.find<{ name: string; value: string }>('Installation', {
      order: { name: 'ASC' },
    });
    return rows.map(({ value }) => value);
  }

  async function other<T>(use: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = await createConnection(config.url);
    try {
      return await use(connection);
    } finally {
      await connection.end();
    }
  }

  test('of two transactions that deadlock both are done in the end, once each', async () => {
    const held = [new Signal(), new Signal()];
    let attempts = 0;
    const crosswise = (own: number, first: string, second: string): Promise<void> =>
      database.transaction(async (session) => {
        attempts += 1;
        await add(session, first);
        held[own]!.raise();
        await held[1 - own]!.raised;
        await add(session, second);
      });
    await Promise.all([crosswise(0, 'a', 'b'), crosswise(1, 'b', 'a')]);
    expect(attempts).toBeGreaterThan(2);
    expect(await values()).toEqual(['2', '2']);
  }, 30_000);

  test('a transaction that waited too long for a lock is run again as a whole', async () => {
    await other(async (holder) => {
      await holder.beginTransaction();
      await holder.query("UPDATE installation SET value = 10 WHERE name = 'b'");
      const errors: unknown[] = [];
      await database.transaction(async (session) => {
        await session.query('SET innodb_lock_wait_timeout = 1');
        await add(session, 'a');
        try {
          await add(session, 'b');
        } catch (error) {
          errors.push((error as { errno: number }).errno);
          await holder.commit();
          throw error;
        }
      });
      expect(errors).toEqual([1205]);
    });
    expect(await values()).toEqual(['1', '11']);
  }, 30_000);

  test('a transaction whose snapshot is out of date is run again as a whole', async () => {
    let attempts = 0;
    await database.transaction(async (session) => {
      attempts += 1;
      await add(session, 'a');
      if (attempts === 1) throw await outOfDate();
    });
    expect(attempts).toBe(2);
    expect(await values()).toEqual(['1', '0']);
  }, 30_000);

  /** The error with which the server refuses to change a row that has changed since it was read. */
  async function outOfDate(): Promise<unknown> {
    return other(async (reader) => {
      await reader.query('SET innodb_snapshot_isolation = ON');
      await reader.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
      await reader.beginTransaction();
      await reader.query('SELECT * FROM installation');
      await other((writer) => writer.query("UPDATE installation SET value = '0 ' WHERE name = 'b'"));
      await other((writer) => writer.query("UPDATE installation SET value = '0' WHERE name = 'b'"));
      try {
        await reader.query("UPDATE installation SET value = 5 WHERE name = 'b'");
      } catch (error) {
        expect(error).toMatchObject({ errno: 1020 });
        return error;
      }
      throw new Error('The server let an outdated snapshot pass.');
    });
  }

  test('a server that is gone is UNAVAILABLE, and found again when it is back', async () => {
    await mariadb.kill();
    const work = database.transaction((session) => add(session, 'a'));
    await expect(work).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: true });
    await expect(database.ping()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await mariadb.restart();
    await database.transaction((session) => add(session, 'a'));
    expect(await values()).toEqual(['1', '0']);
  }, 60_000);
});
