import type { DataSource } from 'typeorm';
import type { Database, Session } from './database';

/**
 * Brings the schema up to date. One process at a time does so, however many start at once: the others wait for the
 * lock and then find nothing left to do.
 */
export async function migrate(database: Database, source: DataSource): Promise<void> {
  if (database.dialect === 'mysql') {
    await source.query('CREATE TABLE IF NOT EXISTS migration_lock (id int PRIMARY KEY) ENGINE = InnoDB');
    await source.query('INSERT IGNORE INTO migration_lock (id) VALUES (1)');
  }
  await database.transaction(async (session) => {
    await lock(database, session);
    // MySQL commits each DDL statement by itself; on SQLite this joins the transaction that is open.
    await source.runMigrations({ transaction: 'none' });
  });
}

/** A row and not GET_LOCK(), which Galera does not support. SQLite's transaction holds the only write lock already. */
async function lock({ dialect }: Database, session: Session): Promise<void> {
  if (dialect === 'mysql') await session.query('SELECT id FROM migration_lock WHERE id = 1 FOR UPDATE');
}
