import type { Database, Session } from '../database';
import { passStep, passTask } from './crash-points';
import type { AppError } from '../kernel';
import type { Hold, TaskLeaseStore } from './task-lease.store';
import type { TaskError } from './task';
import type { Postponement } from './postponement';
import { overallProgress } from './progress';
import { toTask } from './task-snapshot';
import type { TaskStepRow } from './task-step.table';
import type { TaskEventKind, TaskStore } from './task.store';
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

/**
 * Everything that a worker writes about its task. Each entry is one transaction: the fenced task row, its steps, its
 * event, and what the workflow wants to commit with them.
 */
export class TaskJournal {
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

  async started(): Promise<void> {
    passTask(this.operation, 'starting');
    await this.write({ deadlineAt: this.deadline() }, 'STARTED');
    passTask(this.operation, 'started');
    await this.refresh();
  }

  async stepBegun(position: number): Promise<void> {
    const row = this.step(position);
    row.attempts += 1;
    row.startedAt ??= await this.options.database.now();
    // In the phase of undoing the step keeps what it came to: whether it had succeeded or failed.
    if (this.row.phase === 'DO') row.status = 'RUNNING';
    const { attempts, startedAt, status } = row;
    const isUndo = this.row.phase === 'UNDO';
    passStep(this.operation, row.name, isUndo ? 'undo-beginning' : 'beginning');
    await this.write({}, 'STEP', (session) =>
      this.writeStep(session, position, { attempts, startedAt, status }),
    );
    passStep(this.operation, row.name, isUndo ? 'undo-begun' : 'begun');
  }

  async stepFinished(
    position: number,
    status: 'SUCCEEDED' | 'UNDONE',
    result: StepResult | undefined,
  ): Promise<void> {
    const row = this.step(position);
    const patch = {
      status,
      endedAt: await this.options.database.now(),
      output: status === 'SUCCEEDED' ? (result?.output ?? null) : row.output,
      message: shorten(result?.message) ?? row.message,
      checkpoint: null,
    };
    const progress = this.progressAt(position, 100);
    passStep(this.operation, row.name, status === 'UNDONE' ? 'undo-done' : 'done');
    // Whoever gets on is not what kills its workers.
    await this.write({ progress, message: patch.message, crashes: 0 }, 'STEP', async (session) => {
      await this.writeStep(session, position, patch);
      await result?.commit?.(session);
    });
    passStep(this.operation, row.name, status === 'UNDONE' ? 'undone' : 'committed');
    Object.assign(row, patch);
    this.row.progress = progress;
  }

  async checkpoint(position: number, value: unknown): Promise<void> {
    const row = this.step(position);
    passStep(this.operation, row.name, 'saving');
    await this.alongside((session) => this.writeStep(session, position, { checkpoint: value }));
    passStep(this.operation, row.name, 'saved');
    row.checkpoint = value;
  }

  async progress(position: number, percent: number, message: string): Promise<void> {
    const progress = this.progressAt(position, percent);
    const { name } = this.step(position);
    passStep(this.operation, name, 'reporting');
    await this.write({ progress, message: shorten(message) }, 'PROGRESS');
    passStep(this.operation, name, 'reported');
    this.row.progress = progress;
  }

  private progressAt(position: number, percent: number): number {
    if (this.row.phase === 'UNDO') return this.row.progress;
    return Math.max(this.row.progress, overallProgress(this.options.workflow.steps, position, percent));
  }

  /** Gives the task up until a later try. */
  async parked(position: number, error: AppError, delayMs: number): Promise<void> {
    const availableAt = this.later(delayMs);
    const message = shorten(`Trying again: ${error.message}`);
    const free = { leaseOwner: null, leaseUntil: null, crashes: 0 };
    const { name } = this.step(position);
    passStep(this.operation, name, 'parking');
    await this.write({ message, availableAt: () => availableAt, ...free }, 'PROGRESS');
    passStep(this.operation, name, 'parked');
  }

  /** Gives the task up until a step finds what it waits for. @param isTry whether that it looked counts as a try */
  async postponed(position: number, { message, delayMs }: Postponement, isTry: boolean): Promise<void> {
    const availableAt = this.later(delayMs);
    const free = { leaseOwner: null, leaseUntil: null, crashes: 0 };
    const { name, attempts: tries } = this.step(position);
    const attempts = tries - (isTry ? 0 : 1);
    passStep(this.operation, name, 'postponing');
    await this.write(
      { message: shorten(message), availableAt: () => availableAt, ...free },
      'PROGRESS',
      (session) => this.writeStep(session, position, { attempts }),
    );
    passStep(this.operation, name, 'postponed');
  }

  /** Gives the task to whoever comes next, at once. */
  async handedBack(): Promise<void> {
    const free = { leaseOwner: null, leaseUntil: null, crashes: 0 };
    passTask(this.operation, 'handing-back');
    await this.write({ message: 'Waiting for a worker.', ...free }, 'PROGRESS');
    passTask(this.operation, 'handed-back');
  }

  /** Turns round: from here on, what was begun is taken back. */
  async turnedBack(error: AppError, failedPosition: number | null): Promise<void> {
    const message = shorten(error.message) ?? '';
    const shown: TaskError = { code: error.code, message, retryable: error.retryable };
    const detail = error.cause instanceof Error ? (error.cause.stack ?? error.cause.message) : null;
    const endedAt = await this.options.database.now();
    const failed = { status: 'FAILED' as const, endedAt, message };
    const patch = {
      phase: 'UNDO' as const,
      error: shown,
      errorDetail: detail?.slice(0, DETAIL_LENGTH) ?? null,
      deadlineAt: this.deadline(),
      crashes: 0,
    };
    passTask(this.operation, 'turning-back');
    await this.write(patch, 'PROGRESS', async (session) => {
      for (const step of this.steps) {
        // One that was begun and will not be again has failed as well.
        const hasFailed = step.position === failedPosition || step.status === 'RUNNING';
        const change = { attempts: 0, ...(hasFailed ? failed : {}) };
        await this.writeStep(session, step.position, change);
        Object.assign(step, change);
      }
    });
    passTask(this.operation, 'turned-back');
    await this.refresh();
  }

  /** Adds to what the operator is told. @throws LeaseLostError */
  async explain({ cause }: AppError): Promise<void> {
    const detail = cause instanceof Error ? cause.message : '';
    const errorDetail = [this.row.errorDetail, detail].filter(Boolean).join('\n').slice(-DETAIL_LENGTH);
    await this.options.database.transaction((session) => this.guard(session, { errorDetail }));
  }

  async ended(status: TaskEnd<unknown>['status'], undone: boolean): Promise<void> {
    const endedAt = await this.options.database.now();
    const message = undone ? (this.row.error?.message ?? null) : 'Failed, and cleaning up did not finish.';
    const patch = {
      status,
      endedAt,
      message: shorten(message),
      open: null,
      leaseOwner: null,
      leaseUntil: null,
      ...(status === 'SUCCEEDED' ? { progress: 100 } : {}),
    };
    const task = { ...toTask(this.row), status, endedAt };
    passTask(this.operation, 'ending');
    await this.write(patch, status, (session) =>
      this.options.workflow.settle(session, { task, input: this.row.input, status, undone }),
    );
    passTask(this.operation, 'ended');
  }

  /** SQL for the moment of the next try: at once for a task that is to turn back then. */
  private later(delayMs: number): string {
    const { leases, workflow } = this.options;
    const future = leases.inFuture(delayMs);
    if (this.row.phase === 'UNDO' || !workflow.cancellableWhileRunning) return future;
    return `CASE WHEN cancel_requested_at IS NULL THEN ${future} ELSE ${leases.inFuture(0)} END`;
  }

  private deadline(): () => string {
    const sql = this.options.leases.inFuture(this.options.workflow.deadlineMs);
    return () => sql;
  }

  /** Writes of a step that are no news of the task. @throws LeaseLostError */
  async alongside(work: (session: Session) => Promise<void>): Promise<void> {
    await this.options.database.transaction(async (session) => {
      await this.guard(session, {});
      await work(session);
    });
  }

  private get operation(): string {
    return this.options.workflow.operation;
  }

  /** Locks the row and checks the hold, whatever else is to be written. @throws LeaseLostError */
  private guard(session: Session, patch: Parameters<TaskLeaseStore['update']>[2]): Promise<void> {
    const { hold, leases } = this.options;
    return leases.update(session, hold, { fence: hold.fence, ...patch });
  }

  private async write(
    patch: Parameters<TaskLeaseStore['update']>[2],
    kind: TaskEventKind,
    alongside?: (session: Session) => Promise<void>,
  ): Promise<void> {
    await this.options.database.transaction(async (session) => {
      await this.guard(session, patch);
      await alongside?.(session);
      await this.options.tasks.publish(session, this.row.id, kind);
    });
  }

  private writeStep(
    session: Session,
    position: number,
    patch: Parameters<TaskLeaseStore['updateStep']>[3],
  ): Promise<void> {
    return this.options.leases.updateStep(session, this.options.hold, position, patch);
  }
}
