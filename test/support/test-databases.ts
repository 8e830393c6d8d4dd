import { existsSync, mkdtempSync, rmSync } from 'node:fs';
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
  /** Drops them all. */
  close(): Promise<void>;
}

/** Made in `beforeAll`, because a server may have to be started first. */
export type OpenDatabases = () => Promise<TestDatabases>;

/** Each commit goes to the disk, which is what costs the time; where there is one in memory, none of it is needed here. */
const FAST_DISK = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** One file each, in a folder of its own. */
export async function sqliteDatabases(): Promise<TestDatabases> {
  const dir = mkdtempSync(join(FAST_DISK, 'hypergate-stores-'));
  let count = 0;
  return {
    empty: async () => ({ type: 'sqlite', file: join(dir, `${String((count += 1))}.db`) }),
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
  return {
    empty: async () => {
      const name = `hypergate_${process.pid.toString(36)}_${String(made.length)}`;
      await run(`create database ${name}`);
      made.push(name);
      return { type: 'mysql', url: url.replace(/\/[^/]*$/, `/${name}`) };
    },
    close: async () => {
      for (const name of made) await run(`drop database ${name}`);
    },
  };
}

/** A database with all tables, and its close. */
export async function openEmpty(databases: TestDatabases): Promise<Database> {
  return openDatabase(await databases.empty(), TABLES);
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
