import { openDatabase } from '../../src/database';
import type { Database, DatabaseConfig } from '../../src/database';
import { EventCursors, EventFeed } from '../../src/events';
import { IdempotencyStore } from '../../src/idempotency';
import { newId, silentLogger, TenantScope } from '../../src/kernel';
import { TABLES } from '../../src/gateway/tables';
import { TaskEngine, TaskEventStreams, TaskService, TaskStore, WorkflowRegistry } from '../../src/tasks';
import type { StepContext, Task, TaskEnd, TaskOperation, Workflow, WorkflowStep } from '../../src/tasks';

/** Here every tenant is one that there is. */
const requireTenant = (): Promise<void> => Promise.resolve();

type Enqueue = Parameters<TaskService['enqueue']>[2];
type EngineOptions = ConstructorParameters<typeof TaskEngine>[0];

export const SYSTEM = TenantScope.system();
export const CURSOR_KEY = Buffer.alloc(16, 7);

/** A workflow for a test: only what matters to it. */
export interface Script {
  readonly operation?: TaskOperation;
  readonly steps: readonly WorkflowStep<unknown>[];
  readonly cancellableWhileRunning?: boolean;
  readonly deadlineMs?: number;
  readonly settle?: Workflow<unknown>['settle'];
}

/** Everything of one process that tasks need, on a database that others may share. */
export class EngineStage {
  readonly workflows = new WorkflowRegistry();
  readonly tasks: TaskStore;
  readonly service: TaskService;
  readonly streams: TaskEventStreams;
  readonly ends: TaskEnd<unknown>[] = [];
  private readonly engines: TaskEngine[] = [];

  private constructor(
    readonly database: Database,
    readonly feed: EventFeed,
  ) {
    this.tasks = new TaskStore(database, feed);
    const wake = (): void => {
      for (const engine of this.engines) engine.wake();
    };
    const idempotency = new IdempotencyStore(database, Buffer.alloc(32, 7));
    this.service = new TaskService(this.tasks, this.workflows, wake, idempotency);
    const cursors = new EventCursors(CURSOR_KEY);
    this.streams = new TaskEventStreams({
      feed,
      cursors,
      tasks: this.service,
      requireTenant,
      maxBacklog: 10_000,
    });
  }

  static async open(config: DatabaseConfig): Promise<EngineStage> {
    const database = await openDatabase(config, TABLES);
    const feed = new EventFeed({ database, logger: silentLogger, pollMs: 20 });
    await feed.start();
    return new EngineStage(database, feed);
  }

  register(script: Script): void {
    this.workflows.register({
      operation: 'START_VM',
      cancellableWhileRunning: true,
      deadlineMs: 60_000,
      ...script,
      settle: async (session, end) => {
        await script.settle?.(session, end);
        // Once per commit: a transaction may run several times.
        this.database.afterCommit(session, () => this.ends.push(end));
      },
    });
  }

  /** An engine that runs until `close`. */
  engine(options: Partial<EngineOptions> = {}): TaskEngine {
    const engine = new TaskEngine({
      database: this.database,
      tasks: this.tasks,
      workflows: this.workflows,
      logger: silentLogger,
      owner: `worker-${String(this.engines.length)}-${newId('event').slice(-8)}`,
      concurrency: 8,
      leaseMs: 30_000,
      heartbeatMs: 10_000,
      pollMs: 20,
      maxCrashes: 5,
      ...options,
    });
    this.engines.push(engine);
    engine.start();
    return engine;
  }

  async enqueue(
    options: Partial<Pick<Enqueue, 'operation' | 'input' | 'targetId' | 'tenantId' | 'backendId'>> = {},
  ): Promise<Task> {
    const { operation = 'START_VM', input = {}, targetId = newId('vm') } = options;
    const { tenantId = null, backendId = null } = options;
    return this.database.transaction((session) =>
      this.service.enqueue(session, SYSTEM, { operation, tenantId, backendId, targetId, input }),
    );
  }

  /** Follows a task's events until one fits; with the task as that event shows it. */
  async until(taskId: string, fits: (event: Event) => boolean): Promise<Event> {
    const stream = await this.streams.subscribe(SYSTEM, { taskId, tenantId: null, after: null });
    for await (const event of stream) if (fits(event)) return event;
    throw new Error('The task ended before that.');
  }

  async ended(taskId: string): Promise<Event['task']> {
    return (await this.until(taskId, ({ task }) => task.endedAt !== null)).task;
  }

  /** The whole history of a task that has ended. */
  async history(taskId: string): Promise<Event[]> {
    const events: Event[] = [];
    const stream = await this.streams.subscribe(SYSTEM, { taskId, tenantId: null, after: null });
    for await (const event of stream) events.push(event);
    return events;
  }

  /** What the engine knows and does not show. */
  async row(taskId: string): Promise<Record<string, unknown>> {
    return this.database.reader.findOneByOrFail<{ id: string } & Record<string, unknown>>('Task', {
      id: taskId,
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.engines.map((engine) => engine.stop(0)));
    await this.feed.close();
    await this.database.close();
  }
}

export type Event =
  Awaited<ReturnType<TaskEventStreams['subscribe']>> extends AsyncIterable<infer E> ? E : never;

export function step(
  name: string,
  act: (context: StepContext<unknown>) => Promise<void> | void,
): WorkflowStep<unknown> {
  return {
    name,
    do: async (context) => {
      await act(context);
      return undefined;
    },
  };
}
