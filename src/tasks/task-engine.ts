import { performance } from 'node:perf_hooks';
import type { Database } from '../database';
import type { Logger } from '../kernel';
import { Interruption } from './interruption';
import { Lease } from './lease';
import { LeaseLostError } from './lease-lost-error';
import { TaskJournal } from './task-journal';
import { TaskLeaseStore } from './task-lease.store';
import { TaskRun } from './task-run';
import type { TaskStore } from './task.store';
import type { TaskRow } from './task.table';
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
}

/** Claims due tasks and runs them, as many at once as it is allowed to. */
export class TaskEngine {
  private readonly leases: TaskLeaseStore;
  private readonly runs = new Map<string, { done: Promise<void>; interrupt: AbortController }>();
  private timer: NodeJS.Timeout | null = null;
  private looking: Promise<void> | null = null;
  private lookAgain = false;
  private stopping = false;

  constructor(private readonly options: TaskEngineOptions) {
    this.leases = new TaskLeaseStore(options.database);
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
    }
  }

  private async claimSome(): Promise<void> {
    const free = this.options.concurrency - this.runs.size;
    if (free <= 0) return;
    const seen = await this.leases.claimable(this.options.database.reader, free);
    for (const candidate of seen) {
      if (this.stopping || this.runs.has(candidate.id)) continue;
      const takenAt = performance.now();
      const row = await this.options.database.transaction((session) =>
        this.leases.claim(session, candidate, this.options.owner, this.options.leaseMs),
      );
      if (row) this.begin(row, takenAt);
    }
  }

  private begin(row: TaskRow, takenAt: number): void {
    const interrupt = new AbortController();
    const done = this.run(row, takenAt, interrupt).finally(() => {
      this.runs.delete(row.id);
      this.wake();
    });
    this.runs.set(row.id, { done, interrupt });
  }

  private async run(row: TaskRow, takenAt: number, interrupt: AbortController): Promise<void> {
    const { database, tasks, workflows, leaseMs, heartbeatMs, maxCrashes } = this.options;
    const logger = this.options.logger.child({ taskId: row.id, operation: row.operation });
    const hold = { taskId: row.id, fence: row.fence };
    const lease = new Lease(hold, this.leases, { leaseMs, heartbeatMs }, takenAt, () => {
      interrupt.abort(new Interruption('LEASE_LOST'));
    });
    lease.start();
    try {
      const workflow = workflows.get(row.operation);
      const steps = await this.leases.stepRows(database.reader, row.id);
      const journal = new TaskJournal({ database, tasks, leases: this.leases, workflow, hold }, row, steps);
      const isStopping = (): boolean => this.stopping;
      const run = new TaskRun({
        ...{ journal, workflow, lease, logger, maxCrashes, isStopping },
        interruption: interrupt.signal,
      });
      const result = await run.execute();
      logger.info({ result, attempts: row.attempts }, 'A turn with a task is over.');
    } catch (error) {
      if (error instanceof LeaseLostError) logger.warn({}, 'The task is somebody else’s now.');
      // The lease runs out by itself and the task is taken up again; nothing is lost but time.
      else logger.error({ err: error }, 'A turn with a task broke off.');
    } finally {
      lease.stop();
    }
  }

  /**
   * Takes up nothing more, lets steps under way finish for `drainMs`, then interrupts them; their tasks are handed
   * back and go on elsewhere or after the next start.
   */
  async stop(drainMs: number): Promise<void> {
    this.stopping = true;
    if (this.timer) clearInterval(this.timer);
    await this.looking;
    const all = Promise.all([...this.runs.values()].map((run) => run.done));
    const timer = setTimeout(() => {
      for (const run of this.runs.values()) run.interrupt.abort(new Interruption('SHUTDOWN'));
    }, drainMs);
    await all;
    clearTimeout(timer);
  }
}
