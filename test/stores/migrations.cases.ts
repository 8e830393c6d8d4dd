import { DataSource } from 'typeorm';
import type { TableColumn } from 'typeorm';
import { createDataSource, openDatabase } from '../../src/database';
import type { DatabaseConfig } from '../../src/database';
import { TABLES } from '../../src/gateway/tables';
import type { OpenDatabases, TestDatabases } from '../support/test-databases';

/** TypeORM compares types correctly only when it is told that the server is a MariaDB. */
async function connected(config: DatabaseConfig): Promise<DataSource> {
  const source = createDataSource(config, TABLES);
  if (config.type === 'sqlite') return source.initialize();
  return new DataSource({ ...source.options, type: 'mariadb' } as never).initialize();
}

/** As an earlier version left it, whose last migration was number `count`; with a row that must stay. */
async function leaveEarlierVersion(
  config: DatabaseConfig,
  count: number,
): Promise<Map<string, TableColumn[]>> {
  const { options } = createDataSource(config, TABLES);
  const migrations = (options.migrations as never[]).slice(0, count);
  const source = await new DataSource({ ...options, migrations }).initialize();
  try {
    await source.runMigrations({ transaction: 'none' });
    await source.query("INSERT INTO installation (name, value) VALUES ('kept', 'as it was')");
    return await columnsOf(source);
  } finally {
    await source.destroy();
  }
}

async function columnsOf(source: DataSource): Promise<Map<string, TableColumn[]>> {
  const runner = source.createQueryRunner();
  const tables = await Promise.all((await tableNames(source)).map((name) => runner.getTable(name)));
  await runner.release();
  return new Map(tables.flatMap((table) => (table ? [[table.name.split('.').at(-1)!, table.columns]] : [])));
}

/** What the earlier version, which still runs beside the new one, would trip over. */
function trapsIn(before: readonly TableColumn[], after: readonly TableColumn[]): string[] {
  const old = new Map(before.map((column) => [column.name, column]));
  const kept = new Map(after.map((column) => [column.name, column]));
  const mayStayEmpty = ({ isNullable, default: value }: TableColumn): boolean =>
    isNullable || (value !== undefined && value !== null);
  return [
    ...[...old.keys()].filter((name) => !kept.has(name)).map((name) => `${name} is gone`),
    ...after.filter((one) => !old.has(one.name) && !mayStayEmpty(one)).map(({ name }) => `${name} is wanted`),
    ...after
      .filter(({ name, isNullable }) => old.get(name)?.isNullable === true && !isNullable)
      .map(({ name }) => `${name} must be filled now`),
  ];
}

async function tableNames(source: DataSource): Promise<string[]> {
  const sql =
    source.options.type !== 'better-sqlite3'
      ? 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = database()'
      : "SELECT name FROM sqlite_master WHERE type = 'table'";
  const rows = await source.query<{ name: string }[]>(sql);
  // What the migrations themselves are kept in, and what SQLite keeps for itself.
  return rows.map(({ name }) => name).filter((name) => !/^(migration|sqlite_)/.test(name));
}

/** The migrations make the tables that the code believes in, whoever runs them and how many at once. */
export function describeMigrations(kind: string, open: OpenDatabases): void {
  describe(`migrations on ${kind}`, () => {
    let databases: TestDatabases;

    beforeAll(async () => {
      databases = await open();
    });

    afterAll(async () => {
      await databases.close();
    });

    test('lead from nothing to exactly the tables that are declared', async () => {
      const config = await databases.empty();
      const database = await openDatabase(config, TABLES);
      const source = await connected(config);
      try {
        const { upQueries } = await source.driver.createSchemaBuilder().log();
        expect(upQueries.map(({ query }) => query)).toEqual([]);
        expect(await source.showMigrations()).toBe(false);
        expect((await tableNames(source)).length).toBe(TABLES.length);
      } finally {
        await source.destroy();
        await database.close();
      }
    });

    test('lead back to nothing, and forth again', async () => {
      const config = await databases.empty();
      await (await openDatabase(config, TABLES)).close();
      const source = await connected(config);
      try {
        const applied = await source.query<unknown[]>('SELECT name FROM migrations');
        for (const _ of applied) await source.undoLastMigration({ transaction: 'none' });
        expect(await tableNames(source)).toEqual([]);
        expect(await source.query('SELECT name FROM migrations')).toEqual([]);
      } finally {
        await source.destroy();
      }
      const again = await openDatabase(config, TABLES);
      expect(await again.reader.count('Vm')).toBe(0);
      await again.close();
    });

    test('take up what an earlier version left, which goes on working beside this one', async () => {
      const all = (createDataSource(await databases.empty(), TABLES).options.migrations as unknown[]).length;
      for (let count = 1; count < all; count += 1) {
        const config = await databases.empty();
        const before = await leaveEarlierVersion(config, count);
        const database = await openDatabase(config, TABLES);
        const source = await connected(config);
        try {
          const [row] = await source.query("SELECT value FROM installation WHERE name = 'kept'");
          expect(row).toEqual({ value: 'as it was' });
          const after = await columnsOf(source);
          const traps = [...before].map(([name, columns]) => [name, trapsIn(columns, after.get(name) ?? [])]);
          expect(traps).toEqual([...before.keys()].map((name) => [name, []]));
        } finally {
          await source.destroy();
          await database.close();
        }
      }
    }, 60_000);

    test('are run once by several gateways that start together', async () => {
      const config = await databases.empty();
      const opened = await Promise.all(Array.from({ length: 4 }, () => openDatabase(config, TABLES)));
      const [first] = opened;
      const applied = await first!.reader.query<{ name: string }[]>('SELECT name FROM migrations');
      expect(new Set(applied.map(({ name }) => name)).size).toBe(applied.length);
      expect(await first!.reader.count('OutboxHead')).toBe(2);
      for (const database of opened) await database.close();
    }, 60_000);
  });
}
