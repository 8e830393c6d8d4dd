import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import { callHooks } from './after-commit';
import type { Hook } from './after-commit';

/**
 * The most transactions that share a commit. The first of them waits for the last; beyond this there is little left to
 * gain, because a flush costs about as much as a few transactions.
 */
const MOST_TOGETHER = 16;

type Work<T> = (session: EntityManager) => Promise<T>;

interface Job {
  readonly work: Work<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** To be committed by itself. */
  readonly isAlone: boolean;
}

interface Done {
  readonly job: Job;
  readonly value: unknown;
  readonly hooks: readonly Hook[];
}

/**
 * Runs the transactions of one process one after another on SQLite's one writing connection. Those that wait when one
 * is done join it: each within a savepoint of its own, all in one commit, for the flush of a commit to the disk takes
 * longer than most transactions. None is answered before that, so that what is acknowledged is on the disk.
 */
export class SqliteWriter {
  private waiting: Job[] = [];
  private draining: Promise<void> | null = null;

  /** @param takeHooks hands over what was to be called after the commit, and forgets it */
  constructor(
    private readonly session: EntityManager,
    private readonly takeHooks: () => readonly Hook[],
  ) {}

  /** Runs `work` and commits it. The work may run twice, as `Database.transaction` says. */
  run<T>(work: Work<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.waiting.push({ work, resolve: resolve as Job['resolve'], reject, isAlone: false });
      this.draining ??= this.drain();
    });
  }

  /** Resolves when nothing is under way any more. */
  async idle(): Promise<void> {
    while (this.draining) await this.draining;
  }

  private async drain(): Promise<void> {
    for (let job = this.waiting.shift(); job; job = this.waiting.shift()) await this.runGroup(job);
    this.draining = null;
  }

  private async runGroup(first: Job): Promise<void> {
    const done: Done[] = [];
    try {
      // SQLite answers without waiting: a task that does not wait either would keep requests and timers from their turn.
      await nextTurn();
      // IMMEDIATE takes the write lock at once: a transaction that read first could otherwise not become a writer.
      await this.session.query('BEGIN IMMEDIATE');
      done.push(await this.perform(first));
      for (let job = this.joining(done); job; job = this.joining(done)) {
        await nextTurn();
        if (!(await this.join(job, done))) return;
      }
      await this.session.query('COMMIT');
    } catch (error) {
      await this.rollBack();
      // Of several nobody knows whose fault it is: each is to hear of its own.
      if (done.length > 1) this.separate(done);
      else first.reject(error);
      return;
    }
    for (const one of done) answer(one);
  }

  private async perform(job: Job): Promise<Done> {
    this.takeHooks();
    const value = await job.work(this.session);
    return { job, value, hooks: this.takeHooks() };
  }

  /** The next that may share the commit. */
  private joining(done: readonly Done[]): Job | undefined {
    const isFull = done.length >= MOST_TOGETHER || done.some(({ job }) => job.isAlone);
    return isFull || this.waiting[0]?.isAlone === true ? undefined : this.waiting.shift();
  }

  /** Performs one more; its failure is its own. False when that has ended the whole transaction. */
  private async join(job: Job, done: Done[]): Promise<boolean> {
    try {
      await this.session.query('SAVEPOINT member');
    } catch {
      return this.giveUp([...done, { job }]);
    }
    try {
      const one = await this.perform(job);
      await this.session.query('RELEASE member');
      done.push(one);
    } catch (error) {
      job.reject(error);
      try {
        await this.session.query('ROLLBACK TO member');
        await this.session.query('RELEASE member');
      } catch {
        // A full disk, say, ends the transaction at once.
        return this.giveUp(done);
      }
    }
    return true;
  }

  private async giveUp(jobs: readonly Pick<Done, 'job'>[]): Promise<false> {
    await this.rollBack();
    this.separate(jobs);
    return false;
  }

  /** Where the failure has ended the transaction already, this fails, which is as well. */
  private async rollBack(): Promise<void> {
    this.takeHooks();
    await this.session.query('ROLLBACK').catch(() => undefined);
  }

  /** Has those run again one by one whose common transaction came to nothing. */
  private separate(done: readonly Pick<Done, 'job'>[]): void {
    this.waiting.unshift(...done.map(({ job }) => ({ ...job, isAlone: true })));
  }
}

function answer({ job, value, hooks }: Done): void {
  callHooks(hooks);
  job.resolve(value);
}
