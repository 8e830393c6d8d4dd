import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import type { DatabaseConfig } from '../../src/database';
import { startPeer } from '../../test/peers/support/start-peer';

/** Where the databases of one kind come from; each run has one of its own. */
export interface Databases {
  /** A database without a single table. */
  empty(): Promise<DatabaseConfig>;
  /** The server's process; null where the database works within the gateway's. */
  readonly server: number | null;
  close(): Promise<void>;
}

/** Files on the disk and not in memory: the flush of each commit is part of what is measured. */
export function sqliteFiles(): Databases {
  const dir = mkdtempSync(join(tmpdir(), 'hypergate-bench-'));
  let count = 0;
  return {
    empty: () => Promise.resolve({ type: 'sqlite', file: join(dir, `${(count += 1)}.db`) }),
    server: null,
    close: () => {
      rmSync(dir, { recursive: true, force: true });
      return Promise.resolve();
    },
  };
}

/** A MariaDB of its own, each commit flushed to the disk; null where it is not installed. */
export async function mariadbSchemas(): Promise<Databases | null> {
  if (spawnSync('mariadbd', ['--version']).status !== 0) return null;
  const peer = await startPeer('mariadb');
  let count = 0;
  return {
    empty: async () => {
      const name = `hypergate_bench_${(count += 1)}`;
      const connection = await createConnection(peer.address);
      await connection.query(`create database ${name}`);
      await connection.end();
      return { type: 'mysql', url: peer.address.replace(/\/[^/]*$/, `/${name}`) };
    },
    server: Number(readFileSync(join(peer.dir, 'pid'), 'utf8')),
    close: () => peer.stop(),
  };
}
