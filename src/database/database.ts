import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DataSource, EntityManager } from 'typeorm';
import { retryConflicts } from './conflicts';
import { translateConnectionError } from './database-errors';
import { nowSql } from './dialect';
import type { Dialect } from './dialect';
import { SerialQueue } from './serial-queue';

/** What stores ask through: inside a transaction its connection, outside any connection. */
export type Session = EntityManager;

/**
 * The database as the rest of the product sees it: a side for reads and transactions. SQLite gets two
 * connections, so that a reader never sees what a running transaction has not committed.
 */
export class Database {
  private readonly writers = new SerialQueue();
  private readonly afterCommitHooks = new WeakMap<Session, (() => void)[]>();

  constructor(
    readonly dialect: Dialect,
    private readonly writerSource: DataSource,
    private readonly readerSource: DataSource,
  ) {}

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
        this.dialect === 'sqlite' ? this.writers.run(() => this.onceOnSqlite(work)) : this.onceOnMysql(work),
      );
    } catch (error) {
      throw translateConnectionError(error);
    }
  }

  /** Calls `hook` once the session's transaction is committed, and never if it is not. */
  afterCommit(session: Session, hook: () => void): void {
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
    await this.writers.run(() => Promise.resolve());
    if (this.readerSource !== this.writerSource && this.readerSource.isInitialized) {
      await this.readerSource.destroy();
    }
    if (this.writerSource.isInitialized) await this.writerSource.destroy();
  }

  private async onceOnSqlite<T>(work: (session: Session) => Promise<T>): Promise<T> {
    // SQLite answers without waiting: a task that does not wait either would keep requests and timers from their turn.
    await nextTurn();
    const session = this.writerSource.manager;
    this.afterCommitHooks.delete(session);
    // IMMEDIATE takes the write lock at once: a transaction that read first could otherwise not become a writer.
    await session.query('BEGIN IMMEDIATE');
    let result: T;
    try {
      result = await work(session);
      await session.query('COMMIT');
    } catch (error) {
      this.afterCommitHooks.delete(session);
      // Where the failure (a full disk, say) has ended the transaction already, this one fails, which is as well.
      await session.query('ROLLBACK').catch(() => undefined);
      throw error;
    }
    this.runHooks(session);
    return result;
  }

  private async onceOnMysql<T>(work: (session: Session) => Promise<T>): Promise<T> {
    let used: Session | null = null;
    const result = await this.writerSource.transaction('READ COMMITTED', (session) => {
      used = session;
      return work(session);
    });
    if (used) this.runHooks(used);
    return result;
  }

  private runHooks(session: Session): void {
    const hooks = this.afterCommitHooks.get(session) ?? [];
    this.afterCommitHooks.delete(session);
    for (const hook of hooks) hook();
  }
}
