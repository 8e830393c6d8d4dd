import { setTimeout as sleep } from 'node:timers/promises';
import { translateConnectionError } from '../database';
import type { Database } from '../database';
import { AppError } from '../kernel';
import type { Logger } from '../kernel';
import { passTask } from './crash-points';
import { Interruption } from './interruption';
import { Lease } from './lease';
import { LeaseLostError } from './lease-lost-error';
import { TaskClaims } from './task-claims';
import { TaskJournal } from './task-journal';
import { TaskLeaseStore } from './task-lease.store';
import { TaskRun } from './task-run';
import { TaskTurnStore } from './task-turn.store';
import type { TaskOperation, TaskPhase } from './task';
import type { TaskStore } from './task.store';
import type { TaskRow } from './task.table';
import { NO_LIMIT } from './turn-plan';
import type { BackendLimit } from './turn-plan';
import type { WorkflowRegistry } from './workflow';

export interface TaskEngineOptions {
  readonly database: Database;
  readonly tasks: TaskStore;
  readonly workflows: WorkflowRegistry;
  readonly logger: Logger;
  /** Names this worker in the database; unique per process. */
  readonly owner: string;
  /** Tasks under way at once. */
  readonly concurrency: number;
  readonly leaseMs: number;
  readonly heartbeatMs: number;
  /** How often to look for due tasks when nobody says that there is one. */
  readonly pollMs: number;
  readonly maxCrashes: number;
  /** Told of each task that is stopped because it kills its workers. */
  readonly onPoisoned?: (operation: TaskOperation, phase: TaskPhase) => void;
  /** How much of the workers a backend may have now; everything when absent. */
  readonly limitOf?: (backendId: string) => BackendLimit;
  /** A task that could not begin for this long is given up; a day when absent. */
  readonly queueMs?: number;
}

const DAY_MS = 24 * 60 * 60_000;

/** How long steps may take to heed their interruption; the guard around backends lets go of a call after a second. */
const WIND_DOWN_MS = 3_000;

/** Between two looks. One reads all that waits, so that where many tasks end each second not each of them is worth one. */
const LOOK_PAUSE_MS = 20;

interface Turn {
  readonly done: Promise<void>;
  readonly interrupt: AbortController;
  readonly lease: Lease;
  readonly backendId: string | null;
}

/** Claims due tasks and runs them, as many at once as it is allowed to. */
export class TaskEngine {
  private readonly leases: TaskLeaseStore;
  private readonly claims: TaskClaims;
  private readonly queueMs: number;
  private readonly runs = new Map<string, Turn>();
  private timer: NodeJS.Timeout | null = null;
  private looking: Promise<void> | null = null;
  private lookAgain = false;
  private stopping = false;

  constructor(private readonly options: TaskEngineOptions) {
    const { database, limitOf = () => NO_LIMIT, owner, leaseMs, queueMs = DAY_MS } = options;
    this.queueMs = queueMs;
    this.leases = new TaskLeaseStore(database);
    const turns = new TaskTurnStore(database);
    this.claims = new TaskClaims({ database, leases: this.leases, turns, limitOf, owner, leaseMs, queueMs });
  }

  /** Takes over what a predecessor left, without waiting for its leases to run out. See `expireAll`. */
  async succeed(): Promise<void> {
    const left = await this.options.database.transaction((session) => this.leases.expireAll(session));
    if (left > 0) this.options.logger.info({ tasks: left }, 'Tasks of a process that died are taken over.');
  }

  start(): void {
    this.timer = setInterval(() => {
      this.wake();
    }, this.options.pollMs);
    this.wake();
  }

  /** The tasks under way in this process. */
  get running(): number {
    return this.runs.size;
  }

  /** Looks for due tasks soon. */
  wake(): void {
    if (this.stopping) return;
    this.lookAgain = true;
    this.looking ??= this.look().finally(() => {
      this.looking = null;
      if (this.lookAgain) this.wake();
    });
  }

  private async look(): Promise<void> {
    while (this.lookAgain && !this.stopping) {
      this.lookAgain = false;
      try {
        await this.claimSome();
      } catch (error) {
        this.options.logger.warn({ err: error }, 'Looking for tasks failed; trying again at the next tick.');
      }
      // Those that end meanwhile leave their places to one look.
      await sleep(LOOK_PAUSE_MS);
    }
  }

  private async claimSome(): Promise<void> {
    const free = this.options.concurrency - this.runs.size;
    if (free <= 0) return;
    const missed = await this.claims.take(free, this.runs, (row, takenAt) => this.begin(row, takenAt));
    // Somebody was faster; behind what was seen there may be more.
    if (missed) this.lookAgain = true;
  }

  private begin(row: TaskRow, takenAt: number): void {
    const { leaseMs, heartbeatMs } = this.options;
    const interrupt = new AbortController();
    const hold = { taskId: row.id, fence: row.fence };
    const onBeat = (point: 'beating' | 'beaten'): void => {
      passTask(row.operation, point);
    };
    const lease = new Lease(hold, this.leases, { leaseMs, heartbeatMs, onBeat }, takenAt, () => {
      interrupt.abort(new Interruption('LEASE_LOST'));
    });
    const done = this.run(row, lease, interrupt.signal).finally(() => {
      this.runs.delete(row.id);
      this.wake();
    });
    this.runs.set(row.id, { done, interrupt, lease, backendId: row.backendId });
  }

  private async run(row: TaskRow, lease: Lease, interruption: AbortSignal): Promise<void> {
    const { database, tasks, workflows, maxCrashes } = this.options;
    const { hold } = lease;
    const logger = this.options.logger.child({ taskId: row.id, operation: row.operation });
    lease.start();
    try {
      const workflow = workflows.get(row.operation);
      const steps = await this.leases.stepRows(database.reader, row.id);
      const journal = new TaskJournal({ database, tasks, leases: this.leases, workflow, hold }, row, steps);
      const isStopping = (): boolean => this.stopping;
      const { queueMs } = this;
      const run = new TaskRun({
        ...{ journal, workflow, lease, logger, maxCrashes, queueMs, isStopping, interruption },
        onPoisoned: this.options.onPoisoned,
      });
      const result = await run.execute();
      logger.info({ result, attempts: row.attempts }, 'A turn with a task is over.');
    } catch (error) {
      if (error instanceof LeaseLostError) logger.warn({}, 'The task is somebody else’s now.');
      else await this.brokeOff(error, row.operation, lease, logger);
    } finally {
      lease.stop();
    }
  }

  /** The database was away at the wrong moment. That is no crash, and the task need not wait for its lease to run out. */
  private async brokeOff(error: unknown, operation: string, lease: Lease, logger: Logger): Promise<void> {
    logger.error({ err: error }, 'A turn with a task broke off.');
    lease.stop();
    // Anything else may be what kills every worker: it counts as a crash when the lease has run out.
    if (!isAway(translateConnectionError(error))) return;
    while (!this.stopping) {
      await sleep(this.options.pollMs);
      try {
        passTask(operation, 'releasing');
        await this.leases.release(lease.hold);
        return passTask(operation, 'released');
      } catch (again) {
        if (!isAway(again)) return;
      }
    }
  }

  /**
   * Takes up nothing more, lets steps under way finish for `drainMs`, then interrupts them; their tasks are handed
   * back and go on elsewhere or after the next start. A step that does not heed that is left behind.
   */
  async stop(drainMs: number): Promise<void> {
    this.stopping = true;
    if (this.timer) clearInterval(this.timer);
    await this.looking;
    const turns = [...this.runs.values()];
    const all = Promise.all(turns.map((turn) => turn.done));
    if (await endsWithin(all, drainMs)) return;
    for (const turn of turns) turn.interrupt.abort(new Interruption('SHUTDOWN'));
    if (await endsWithin(all, WIND_DOWN_MS)) return;
    for (const [taskId, turn] of this.runs) {
      turn.lease.abandon();
      this.options.logger.error({ taskId }, 'A step does not end; its task waits for its lease to run out.');
    }
  }
}

function isAway(error: unknown): boolean {
  return error instanceof AppError && error.code === 'UNAVAILABLE';
}

async function endsWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => {
      resolve(false);
    }, ms);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
