import type { Database, Session } from '../database';
import { passStep, passTask } from './crash-points';
import type { AppError } from '../kernel';
import { JournalEntry } from './journal-entry';
import type { Hold, TaskLeaseStore } from './task-lease.store';
import type { TaskError } from './task';
import type { Postponement } from './postponement';
import { toTask } from './task-snapshot';
import type { TaskStepRow } from './task-step.table';
import type { TaskStore } from './task.store';
import type { TaskRow } from './task.table';
import type { StepResult, TaskEnd, Workflow } from './workflow';

export interface JournalOptions {
  readonly database: Database;
  readonly tasks: TaskStore;
  readonly leases: TaskLeaseStore;
  readonly workflow: Workflow<unknown>;
  readonly hold: Hold;
}

const MESSAGE_LENGTH = 500;
const DETAIL_LENGTH = 8_000;

function shorten(message: string | null | undefined): string | null {
  return message?.slice(0, MESSAGE_LENGTH) ?? null;
}

/** A lease that is given back in good order. */
const FREE = { leaseOwner: null, leaseUntil: null, crashes: 0 };

/**
 * Everything that a worker writes about its task. Each entry is one transaction: the fenced task row, its steps, its
 * events, and what the workflow wants to commit with them.
 */
export class TaskJournal {
  /** When the newest entry was written, by the database's clock. */
  private writtenAt: number | null = null;

  constructor(
    private readonly options: JournalOptions,
    public row: TaskRow,
    readonly steps: TaskStepRow[],
  ) {}

  step(position: number): TaskStepRow {
    const row = this.steps[position];
    if (!row) throw new Error(`Task ${this.row.id} has no step ${String(position)}.`);
    return row;
  }

  /** Reads what others may have changed: the wish to cancel. @throws LeaseLostError */
  async refresh(): Promise<void> {
    this.row = await this.options.leases.refresh(this.options.hold);
  }

  /** Milliseconds until the deadline, by the database's clock; null without one. */
  async remainingMs(): Promise<number | null> {
    if (this.row.deadlineAt === null) return null;
    return this.row.deadlineAt - (await this.options.database.now());
  }

  /** The same as of the newest entry, which costs nothing. */
  get remainingAtEntryMs(): number | null {
    const { deadlineAt } = this.row;
    return deadlineAt === null || this.writtenAt === null ? null : deadlineAt - this.writtenAt;
  }

  /** @param next the step to begin in the same transaction, if nothing speaks against it; true when it was begun */
  async started(next: number | null): Promise<boolean> {
    passTask(this.operation, 'starting');
    this.passBegin(next, 'beginning');
    const isBegun = await this.write((entry) => {
      entry.change({ message: null, deadlineAt: entry.now + this.options.workflow.deadlineMs });
      entry.tell('STARTED');
      return this.beginNext(entry, next);
    });
    passTask(this.operation, 'started');
    if (isBegun) this.passBegin(next, 'begun');
    return isBegun;
  }

  async stepBegun(position: number): Promise<void> {
    this.passBegin(position, 'beginning');
    await this.write((entry) => entry.begin(position));
    this.passBegin(position, 'begun');
  }

  /** @param next as in `started` */
  async stepFinished(
    position: number,
    status: 'SUCCEEDED' | 'UNDONE',
    result: StepResult | undefined,
    next: number | null = null,
  ): Promise<boolean> {
    const { name, output, message } = this.step(position);
    const patch = {
      status,
      output: status === 'SUCCEEDED' ? (result?.output ?? null) : output,
      message: shorten(result?.message) ?? message,
      checkpoint: null,
    };
    passStep(this.operation, name, status === 'UNDONE' ? 'undo-done' : 'done');
    this.passBegin(next, 'beginning');
    const isBegun = await this.write((entry) => {
      entry.changeStep(position, { ...patch, endedAt: entry.now });
      entry.advance(this.options.workflow.steps, position, 100);
      // Whoever gets on is not what kills its workers.
      entry.change({ message: patch.message, crashes: 0 });
      entry.tell('STEP');
      return this.beginNext(entry, next);
    }, result?.commit);
    passStep(this.operation, name, status === 'UNDONE' ? 'undone' : 'committed');
    if (isBegun) this.passBegin(next, 'begun');
    return isBegun;
  }

  async checkpoint(position: number, value: unknown): Promise<void> {
    const row = this.step(position);
    const { hold, leases } = this.options;
    passStep(this.operation, row.name, 'saving');
    await this.alongside((session) => leases.updateStep(session, hold, position, { checkpoint: value }));
    passStep(this.operation, row.name, 'saved');
    row.checkpoint = value;
  }

  async progress(position: number, percent: number, message: string): Promise<void> {
    const { name } = this.step(position);
    passStep(this.operation, name, 'reporting');
    await this.write((entry) => {
      entry.advance(this.options.workflow.steps, position, percent);
      entry.change({ message: shorten(message) });
      entry.tell('PROGRESS');
    });
    passStep(this.operation, name, 'reported');
  }

  /** Gives the task up until a later try. */
  async parked(position: number, error: AppError, delayMs: number): Promise<void> {
    const availableAt = this.later(delayMs);
    const message = shorten(`Trying again: ${error.message}`);
    const { name } = this.step(position);
    passStep(this.operation, name, 'parking');
    await this.write((entry) => {
      entry.change({ message, availableAt: () => availableAt, ...FREE });
      entry.tell('PROGRESS');
    });
    passStep(this.operation, name, 'parked');
  }

  /** Gives the task up until a step finds what it waits for. @param isTry whether that it looked counts as a try */
  async postponed(position: number, { message, delayMs }: Postponement, isTry: boolean): Promise<void> {
    const availableAt = this.later(delayMs);
    const { name } = this.step(position);
    passStep(this.operation, name, 'postponing');
    await this.write((entry) => {
      const { attempts } = entry.step(position);
      entry.changeStep(position, { attempts: attempts - (isTry ? 0 : 1) });
      entry.change({ message: shorten(message), availableAt: () => availableAt, ...FREE });
      entry.tell('PROGRESS');
    });
    passStep(this.operation, name, 'postponed');
  }

  /** Gives the task to whoever comes next, at once. */
  async handedBack(): Promise<void> {
    passTask(this.operation, 'handing-back');
    await this.write((entry) => {
      entry.change({ message: 'Waiting for a worker.', ...FREE });
      entry.tell('PROGRESS');
    });
    passTask(this.operation, 'handed-back');
  }

  /** Turns round: from here on, what was begun is taken back. */
  async turnedBack(error: AppError, failedPosition: number | null): Promise<void> {
    const message = shorten(error.message) ?? '';
    const shown: TaskError = { code: error.code, message, retryable: error.retryable };
    const detail = error.cause instanceof Error ? (error.cause.stack ?? error.cause.message) : null;
    const errorDetail = detail?.slice(0, DETAIL_LENGTH) ?? null;
    passTask(this.operation, 'turning-back');
    await this.write((entry) => {
      const deadlineAt = entry.now + this.options.workflow.deadlineMs;
      entry.change({ phase: 'UNDO', error: shown, errorDetail, deadlineAt, crashes: 0 });
      for (const { position, status } of entry.steps) {
        // One that was begun and will not be again has failed as well.
        const hasFailed = position === failedPosition || status === 'RUNNING';
        const failed = { status: 'FAILED', endedAt: entry.now, message } as const;
        entry.changeStep(position, { attempts: 0, ...(hasFailed ? failed : {}) });
      }
      entry.tell('PROGRESS');
    });
    passTask(this.operation, 'turned-back');
  }

  /** Adds to what the operator is told. @throws LeaseLostError */
  async explain({ cause }: AppError): Promise<void> {
    const detail = cause instanceof Error ? cause.message : '';
    const errorDetail = [this.row.errorDetail, detail].filter(Boolean).join('\n').slice(-DETAIL_LENGTH);
    await this.options.database.transaction((session) => this.guard(session, { errorDetail }));
  }

  async ended(status: TaskEnd<unknown>['status'], undone: boolean): Promise<void> {
    const message = undone ? (this.row.error?.message ?? null) : 'Failed, and cleaning up did not finish.';
    passTask(this.operation, 'ending');
    await this.write(
      (entry) => {
        const ended = { status, endedAt: entry.now, message: shorten(message), open: null };
        const progress = status === 'SUCCEEDED' ? { progress: 100 } : {};
        entry.change({ ...ended, leaseOwner: null, leaseUntil: null, ...progress });
        entry.tell(status);
      },
      (session, entry) => {
        const { input } = entry.row;
        return this.options.workflow.settle(session, { task: toTask(entry.row), input, status, undone });
      },
    );
    passTask(this.operation, 'ended');
  }

  /** Writes of a step that are no news of the task. @throws LeaseLostError */
  async alongside(work: (session: Session) => Promise<void>): Promise<void> {
    await this.options.database.transaction(async (session) => {
      await this.guard(session, {});
      await work(session);
    });
  }

  private beginNext(entry: JournalEntry, next: number | null): boolean {
    if (next === null || !entry.mayGoOn(this.options.workflow)) return false;
    entry.begin(next);
    return true;
  }

  private passBegin(position: number | null, point: 'beginning' | 'begun'): void {
    if (position === null) return;
    const prefix = this.row.phase === 'UNDO' ? 'undo-' : '';
    passStep(this.operation, this.step(position).name, `${prefix}${point}`);
  }

  /** SQL for the moment of the next try: at once for a task that is to turn back then. */
  private later(delayMs: number): string {
    const { leases, workflow } = this.options;
    const future = leases.inFuture(delayMs);
    if (this.row.phase === 'UNDO' || !workflow.cancellableWhileRunning) return future;
    return `CASE WHEN cancel_requested_at IS NULL THEN ${future} ELSE ${leases.inFuture(0)} END`;
  }

  private get operation(): string {
    return this.options.workflow.operation;
  }

  /** Locks the row and checks the hold, whatever else is to be written. @throws LeaseLostError */
  private guard(session: Session, patch: Parameters<TaskLeaseStore['update']>[2]): Promise<void> {
    const { hold, leases } = this.options;
    return leases.update(session, hold, { fence: hold.fence, ...patch });
  }

  /**
   * Writes one entry, and takes it over once it is committed.
   * @param compose says what changes; may be called several times, and the last counts
   * @throws LeaseLostError
   */
  private async write<T>(
    compose: (entry: JournalEntry) => T,
    alongside?: (session: Session, entry: JournalEntry) => Promise<void>,
  ): Promise<T> {
    const { database, hold, leases, tasks } = this.options;
    const { entry, result } = await database.transaction(async (session) => {
      const now = await database.now(session);
      const composed = (row: TaskRow, steps: readonly TaskStepRow[]) => {
        const entry = new JournalEntry(row, steps, now);
        return { entry, result: compose(entry) };
      };
      let made = composed(this.row, this.steps);
      // Whoever else changes the task tells of it: without an event in between it is, as far as events show it, as known.
      const isKnown = await leases.updateKnown(session, hold, this.row.lastSequence, made.entry.patch);
      if (!isKnown) {
        // A wish to cancel came; or the commit of this journal's last entry did go through, and its answer was lost.
        const row = await leases.lockHeld(session, hold);
        made = composed(row, await leases.stepRows(session, hold.taskId));
        await this.guard(session, made.entry.patch);
      }
      for (const [position, patch] of made.entry.stepPatches) {
        await leases.updateStep(session, hold, position, patch);
      }
      await alongside?.(session, made.entry);
      await tasks.tell(session, made.entry.news);
      return made;
    });
    this.row = entry.row;
    this.writtenAt = entry.now;
    for (const [position, step] of entry.steps.entries()) Object.assign(this.step(position), step);
    return result;
  }
}
