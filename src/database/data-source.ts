import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DataSource } from 'typeorm';
import type { EntitySchema, MixedList } from 'typeorm';
import { Database } from './database';
import { MYSQL_MIGRATIONS } from './migrations/mysql';
import { SQLITE_MIGRATIONS } from './migrations/sqlite';

/** Which database, from the configuration. */
export type DatabaseConfig =
  | { readonly type: 'sqlite'; readonly file: string }
  | { readonly type: 'mysql'; readonly url: string; readonly poolSize?: number | undefined };

/** A row's shape, as the nouns declare it. */
export type Table = EntitySchema;

type Tables = MixedList<Table>;

/** How long SQLite waits for another process's write lock, in milliseconds. */
const SQLITE_BUSY_TIMEOUT_MS = 5_000;

interface SqlitePragmas {
  pragma(statement: string): unknown;
}

function sqliteSource(file: string, tables: Tables): DataSource {
  mkdirSync(dirname(file), { recursive: true });
  return new DataSource({
    type: 'better-sqlite3',
    database: file,
    entities: tables,
    migrations: SQLITE_MIGRATIONS,
    migrationsTransactionMode: 'each',
    enableWAL: true,
    timeout: SQLITE_BUSY_TIMEOUT_MS,
    prepareDatabase: (connection: SqlitePragmas) => {
      // FULL: an acknowledged transaction survives a power cut, not only the death of the process.
      connection.pragma('synchronous = FULL');
    },
  });
}

function mysqlSource(url: string, poolSize: number, tables: Tables): DataSource {
  return new DataSource({
    type: 'mysql',
    url,
    entities: tables,
    migrations: MYSQL_MIGRATIONS,
    charset: 'utf8mb4_bin',
    timezone: 'Z',
    supportBigNumbers: true,
    bigNumberStrings: false,
    poolSize,
    connectTimeout: 10_000,
  });
}

/** The DataSource that the TypeORM command line and the gateway share. Does not connect. */
export function createDataSource(config: DatabaseConfig, tables: Tables): DataSource {
  return config.type === 'sqlite'
    ? sqliteSource(config.file, tables)
    : mysqlSource(config.url, config.poolSize ?? 10, tables);
}

/** Connects, brings the schema up to date, and hands out the database. */
export async function openDatabase(config: DatabaseConfig, tables: Tables): Promise<Database> {
  const writer = await createDataSource(config, tables).initialize();
  try {
    await writer.runMigrations();
    if (config.type === 'mysql') return new Database('mysql', writer, writer);
    const reader = await createDataSource(config, tables).initialize();
    return new Database('sqlite', writer, reader);
  } catch (error) {
    await writer.destroy();
    throw error;
  }
}
