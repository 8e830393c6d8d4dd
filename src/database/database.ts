import type { DataSource, EntityManager } from 'typeorm';
import { callHooks } from './after-commit';
import type { Hook } from './after-commit';
import { retryConflicts } from './conflicts';
import { translateConnectionError } from './database-errors';
import { nowSql } from './dialect';
import type { Dialect } from './dialect';
import { SqliteWriter } from './sqlite-writer';

/** What stores ask through: inside a transaction its connection, outside any connection. */
export type Session = EntityManager;

/**
 * The database as the rest of the product sees it: a side for reads and transactions. SQLite gets two
 * connections, so that a reader never sees what a running transaction has not committed.
 */
export class Database {
  private readonly sqlite: SqliteWriter;
  private readonly afterCommitHooks = new WeakMap<Session, Hook[]>();

  constructor(
    readonly dialect: Dialect,
    private readonly writerSource: DataSource,
    private readonly readerSource: DataSource,
  ) {
    const session = writerSource.manager;
    this.sqlite = new SqliteWriter(session, () => this.takeHooks(session));
  }

  /** For reads outside a transaction. Writes through it would not be serialised on SQLite. */
  get reader(): Session {
    return this.readerSource.manager;
  }

  /**
   * Runs `work` in one transaction and commits it; the whole of it runs again after a deadlock, a lock
   * time-out or a failed certification, so `work` must not touch anything but the session.
   * @throws UNAVAILABLE when the database cannot be reached or the conflicts do not end
   */
  async transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
    try {
      return await retryConflicts(() =>
        this.dialect === 'sqlite' ? this.sqlite.run(work) : this.onceOnMysql(work),
      );
    } catch (error) {
      throw translateConnectionError(error);
    }
  }

  /** Calls `hook` once the session's transaction is committed, and never if it is not. */
  afterCommit(session: Session, hook: Hook): void {
    const hooks = this.afterCommitHooks.get(session);
    if (hooks) hooks.push(hook);
    else this.afterCommitHooks.set(session, [hook]);
  }

  /** The database's clock, in milliseconds since the epoch: the only one that decides leases. */
  async now(session: Session = this.reader): Promise<number> {
    const rows: { now: string | number }[] = await session.query(`SELECT ${nowSql(this.dialect)} AS now`);
    return Number(rows[0]?.now);
  }

  /** @throws UNAVAILABLE */
  async ping(): Promise<void> {
    try {
      await this.reader.query('SELECT 1');
    } catch (error) {
      throw translateConnectionError(error);
    }
  }

  async close(): Promise<void> {
    await this.sqlite.idle();
    if (this.readerSource !== this.writerSource && this.readerSource.isInitialized) {
      await this.readerSource.destroy();
    }
    if (this.writerSource.isInitialized) await this.writerSource.destroy();
  }

  private async onceOnMysql<T>(work: (session: Session) => Promise<T>): Promise<T> {
    let used: Session | null = null;
    const result = await this.writerSource.transaction('READ COMMITTED', (session) => {
      used = session;
      return work(session);
    });
    if (used) callHooks(this.takeHooks(used));
    return result;
  }

  private takeHooks(session: Session): readonly Hook[] {
    const hooks = this.afterCommitHooks.get(session) ?? [];
    this.afterCommitHooks.delete(session);
    return hooks;
  }
}
