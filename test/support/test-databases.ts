import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { openDatabase } from '../../src/database';
import type { Database, DatabaseConfig } from '../../src/database';
import { TABLES } from '../../src/gateway/tables';

/** Where tests get their databases from: the same tests run on each kind. */
export interface TestDatabases {
  /** A new database without a single table. */
  empty(): Promise<DatabaseConfig>;
  /** A new database without a single row, for whoever does not ask how its tables come to be. */
  fresh(): Promise<DatabaseConfig>;
  /** Drops them all. */
  close(): Promise<void>;
}

/** Made in `beforeAll`, because a server may have to be started first. */
export type OpenDatabases = () => Promise<TestDatabases>;

/** Each commit goes to the disk, which is what costs the time; where there is one in memory, none of it is needed here. */
const FAST_DISK = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** A folder of the test's own, where the files of databases are written quickly. */
export function databaseFolder(prefix: string): string {
  return mkdtempSync(join(FAST_DISK, prefix));
}

let migrated: Promise<Buffer> | null = null;

/** The bytes of a SQLite file with all tables. Made once by the migrations, which take longer than many a test. */
async function migratedFile(): Promise<Buffer> {
  const dir = databaseFolder('hypergate-migrated-');
  const file = join(dir, 'migrated.db');
  try {
    const database = await openDatabase({ type: 'sqlite', file }, TABLES);
    await database.close();
    return readFileSync(file);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Puts a SQLite database with all tables there, which is then as one that was just opened for the first time. */
export async function layMigrated(file: string): Promise<void> {
  migrated ??= migratedFile();
  writeFileSync(file, await migrated);
}

/** One file each, in a folder of its own. */
export async function sqliteDatabases(): Promise<TestDatabases> {
  const dir = databaseFolder('hypergate-stores-');
  let count = 0;
  const next = (): string => join(dir, `${String((count += 1))}.db`);
  return {
    empty: async () => ({ type: 'sqlite', file: next() }),
    fresh: async () => {
      const file = next();
      await layMigrated(file);
      return { type: 'sqlite', file };
    },
    close: async () => {
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** One schema each, on a server that is running. */
export function mysqlDatabases(url: string): TestDatabases {
  const made: string[] = [];
  const run = async (sql: string): Promise<void> => {
    const connection = await createConnection(url);
    await connection.query(sql);
    await connection.end();
  };
  const empty = async (): Promise<DatabaseConfig> => {
    const name = `hypergate_${process.pid.toString(36)}_${String(made.length)}`;
    await run(`create database ${name}`);
    made.push(name);
    return { type: 'mysql', url: url.replace(/\/[^/]*$/, `/${name}`) };
  };
  return {
    empty,
    // There is no quick copy of a schema.
    fresh: empty,
    close: async () => {
      for (const name of made) await run(`drop database ${name}`);
    },
  };
}

/** A database with all tables, and its close. */
export async function openEmpty(databases: TestDatabases): Promise<Database> {
  return openDatabase(await databases.fresh(), TABLES);
}

/** A promise that somebody else keeps: how tests wait for each other without sleeping. */
export class Signal {
  readonly raised: Promise<void>;
  raise: () => void = () => undefined;

  constructor() {
    this.raised = new Promise((resolve) => {
      this.raise = resolve;
    });
  }
}
