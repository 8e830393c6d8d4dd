import { openDatabase } from '../../src/database';
import type { Database, DatabaseConfig } from '../../src/database';
import { TABLES } from '../../src/gateway/tables';
import { startMariadb } from '../peers/support/mariadb';
import { sqliteDatabases } from '../support/test-databases';
import type { Evidence } from './evidence';

/** A database that outlives the gateways; what its tables say once everything is over. */
export interface ChaosDatabase {
  readonly config: DatabaseConfig;
  /** Kills it and starts it again; null where there is no server to kill. */
  readonly restart: (() => Promise<void>) | null;
  close(): Promise<void>;
}

export async function startDatabase(kind: 'sqlite' | 'mariadb'): Promise<ChaosDatabase> {
  if (kind === 'sqlite') {
    const databases = await sqliteDatabases();
    return { config: await databases.empty(), restart: null, close: () => databases.close() };
  }
  const mariadb = await startMariadb();
  const restart = async (): Promise<void> => {
    await mariadb.kill();
    await mariadb.restart();
  };
  return { config: { type: 'mysql', url: mariadb.url }, restart, close: () => mariadb.stop() };
}

/** A write by a worker that lost its task sets the fence back to its own: the database itself takes note of that. */
const NOTE_TABLE = 'CREATE TABLE chaos_stale_write (task_id VARCHAR(64), fence INT, wrote INT)';
const NOTE = 'INSERT INTO chaos_stale_write VALUES (OLD.id, OLD.fence, NEW.fence);';
const NOTICE = {
  sqlite: `CREATE TRIGGER chaos_fence BEFORE UPDATE ON task WHEN NEW.fence < OLD.fence BEGIN ${NOTE} END`,
  mysql: `CREATE TRIGGER chaos_fence BEFORE UPDATE ON task FOR EACH ROW IF NEW.fence < OLD.fence THEN ${NOTE} END IF`,
};

/** Makes the tables, which a gateway would make at its first start, and the trigger that notes stale writes. */
export async function prepareTables(config: DatabaseConfig): Promise<void> {
  const database = await openDatabase(config, TABLES);
  try {
    await run(database, NOTE_TABLE);
    await run(database, NOTICE[config.type]);
  } finally {
    await database.close();
  }
}

async function run(database: Database, sql: string): Promise<void> {
  await database.transaction((session) => session.query(sql));
}

interface Recorded extends Pick<Evidence, 'tasks' | 'vms' | 'quotas' | 'events' | 'staleWrites'> {
  readonly installationId: string;
}

/** Reads what is recorded, by plain SQL: what judges the product does not trust its stores. */
export async function readRecords(config: DatabaseConfig): Promise<Recorded> {
  const database = await openDatabase(config, TABLES);
  const all = async <Row>(sql: string): Promise<Row[]> => database.reader.query(sql);
  try {
    const [installation] = await all<{ value: string }>("SELECT value FROM installation WHERE name = 'id'");
    return {
      installationId: installation?.value ?? '',
      tasks: await all(
        'SELECT id, operation, target_id AS targetId, status, message, last_sequence AS lastSequence FROM task',
      ),
      vms: await all(
        'SELECT id, tenant_id AS tenantId, backend_id AS backendId, lifecycle, external_id AS externalId,' +
          ' cpu_count AS cpuCount, memory_mib AS memoryMib FROM vm',
      ),
      quotas: await all(
        'SELECT tenant_id AS tenantId, backend_id AS backendId, used_vms AS usedVms,' +
          ' used_cpu_count AS usedCpuCount, used_memory_mib AS usedMemoryMib, held_vms AS heldVms FROM quota',
      ),
      events: (
        await all<{
          sequence: string;
          position: string | null;
          topic: string;
          subjectId: string;
          kind: string;
        }>('SELECT topic, subject_id AS subjectId, sequence, position, kind FROM outbox')
      ).map((row) => ({
        ...row,
        sequence: Number(row.sequence),
        position: row.position === null ? null : Number(row.position),
      })),
      staleWrites: await all('SELECT task_id AS taskId, fence, wrote FROM chaos_stale_write'),
    };
  } finally {
    await database.close();
  }
}

/** Counts the open tasks again and again, over connections that it keeps. */
export class OpenTasks {
  private database: Promise<Database> | null = null;

  constructor(private readonly config: DatabaseConfig) {}

  /** Null while the database is away. */
  async count(): Promise<number | null> {
    try {
      this.database ??= openDatabase(this.config, TABLES);
      const { reader } = await this.database;
      const [row] = await reader.query('SELECT COUNT(*) AS open FROM task WHERE open = 1');
      return Number(row.open);
    } catch {
      await this.close();
      return null;
    }
  }

  async close(): Promise<void> {
    const { database } = this;
    this.database = null;
    await database?.then((open) => open.close()).catch(() => undefined);
  }
}
