import { createConnection } from 'mysql2/promise';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { startMariadb } from '../support/mariadb';
import type { Mariadb } from '../support/mariadb';

/** The promises that the tests above this peer build on. */
describe('the MariaDB peer', () => {
  let mariadb: Mariadb;

  beforeAll(async () => {
    mariadb = await startMariadb();
  }, 60_000);

  afterAll(async () => {
    await mariadb.stop();
  }, 60_000);

  async function connected<T>(use: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = await createConnection(mariadb.url);
    try {
      return await use(connection);
    } finally {
      await connection.end();
    }
  }

  async function values(sql: string): Promise<unknown[]> {
    const [rows] = await connected((connection) => connection.query<RowDataPacket[]>(sql));
    return rows.map((row) => Object.values(row)[0] as unknown);
  }

  test('is a MariaDB that writes each commit to the disk', async () => {
    expect(await values('select version()')).toEqual([expect.stringContaining('MariaDB')]);
    expect(await values('select @@innodb_flush_log_at_trx_commit')).toEqual([1]);
    expect(await values('select @@character_set_server')).toEqual(['utf8mb4']);
  });

  test('lets a test create databases of its own', async () => {
    await connected((connection) => connection.query('create database hypergate_of_one_test'));
    expect(await values("show databases like 'hypergate\\_%'")).toEqual(['hypergate_of_one_test']);
    await connected((connection) => connection.query('drop database hypergate_of_one_test'));
  });

  test('keeps what was committed, and nothing else, when it is killed', async () => {
    const connection = await createConnection(mariadb.url);
    connection.on('error', () => undefined); // its server is about to die
    await connection.query('create table kept (id int primary key)');
    await connection.query('insert into kept values (1)');
    await connection.beginTransaction();
    await connection.query('insert into kept values (2)');

    await mariadb.kill();
    await expect(createConnection(mariadb.url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    connection.destroy();

    await mariadb.restart();
    expect(await values('select id from kept')).toEqual([1]);
  }, 60_000);
});
