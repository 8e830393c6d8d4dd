import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DataSource } from 'typeorm';
import type { EntitySchema, MixedList } from 'typeorm';
import { retryConflicts } from './conflicts';
import { tellWhenAway } from './away-errors';
import { Database } from './database';
import { migrate } from './migrate';
import { MYSQL_MIGRATIONS } from './migrations/mysql';
import { SQLITE_MIGRATIONS } from './migrations/sqlite';

/** Which database, from the configuration. */
export type DatabaseConfig =
  | { readonly type: 'sqlite'; readonly file: string }
  | { readonly type: 'mysql'; readonly url: string; readonly poolSize?: number | undefined };

/** A row's shape, as the nouns declare it. */
export type Table = EntitySchema;

type Tables = MixedList<Table>;

/**
 * How long SQLite itself waits for another process's lock, in milliseconds. Short, because it holds up everything in
 * this process meanwhile, heartbeats among it; the patience is in `Database.transaction`, which waits without that.
 */
const SQLITE_BUSY_TIMEOUT_MS = 50;

/** Prepared statements that are kept: all those that come again and again, which leave when others push them out. */
const SQLITE_STATEMENTS = 500;

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
    statementCacheSize: SQLITE_STATEMENTS,
    prepareDatabase: (connection: SqlitePragmas) => {
      // FULL: an acknowledged transaction survives a power cut, not only the death of the process.
      connection.pragma('synchronous = FULL');
      // What is deleted is overwritten: a forgotten secret must not linger in the file's free pages.
      connection.pragma('secure_delete = ON');
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
  const sources = [await connect(config, tables)] as [DataSource, ...DataSource[]];
  const [writer] = sources;
  try {
    const reader = config.type === 'mysql' ? writer : await connect(config, tables);
    if (reader !== writer) sources.push(reader);
    const database = new Database(config.type, writer, reader);
    await migrate(database, writer);
    return database;
  } catch (error) {
    await Promise.all(sources.map((source) => source.destroy()));
    throw error;
  }
}

/** Switching a new file to WAL takes a lock, which another process may hold for a moment. */
async function connect(config: DatabaseConfig, tables: Tables): Promise<DataSource> {
  return tellWhenAway(await retryConflicts(() => createDataSource(config, tables).initialize()));
}
