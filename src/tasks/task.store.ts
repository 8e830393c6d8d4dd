import { In, IsNull } from 'typeorm';
import type { FindOptionsWhere } from 'typeorm';
import { findRows, idPageOptions, insertRows, lockRow, nowSql, updateRows } from '../database';
import type { Database, IdPage, Session } from '../database';
import type { EventFeed } from '../events';
import { newId } from '../kernel';
import type { TenantScope } from '../kernel';
import type { Task, TaskOperation, TaskStatus, TaskStep } from './task';
import { toStep, toTask } from './task-snapshot';
import type { TaskSnapshot } from './task-snapshot';
import type { TaskStepRow } from './task-step.table';
import { FIRST_OF_LANE } from './task-turn.store';
import type { TaskRow } from './task.table';
import type { Share } from './turn-plan';

/** The kinds of task events; LAGGED is made by the stream and never stored. */
export type TaskEventKind =
  'CREATED' | 'STARTED' | 'PROGRESS' | 'STEP' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED';

/** An event of one task, with the task as the change left it. */
export interface TaskNews {
  readonly kind: TaskEventKind;
  readonly sequence: number;
  /** By the database's clock. */
  readonly at: number;
  readonly snapshot: TaskSnapshot;
}

export interface TaskDraft {
  readonly tenantId: string | null;
  readonly backendId?: string | null;
  readonly retryOf?: string | null;
  readonly operation: TaskOperation;
  readonly targetId: string;
  readonly lane: string;
  readonly actor: string;
  readonly input: unknown;
  readonly cancellableWhileRunning: boolean;
  readonly stepNames: readonly string[];
}

export interface TaskQuery {
  readonly statuses?: readonly TaskStatus[] | undefined;
  readonly operations?: readonly TaskOperation[] | undefined;
  readonly targetId?: string | undefined;
  readonly tenantId?: string | undefined;
}

/** What tenants and services ask about tasks; the engine's own writes are in `TaskLeaseStore`. */
export class TaskStore {
  constructor(
    readonly database: Database,
    private readonly feed: EventFeed,
  ) {}

  /** Puts a task at the end of its lane and tells of it. The caller holds a lock on the lane's object. */
  async enqueue(session: Session, draft: TaskDraft): Promise<Task> {
    const now = await this.database.now(session);
    const { stepNames, ...fields } = draft;
    const row: Partial<TaskRow> & { id: string } = {
      ...fields,
      id: newId('task'),
      status: 'QUEUED',
      phase: 'DO',
      progress: 0,
      message: 'Waiting for its turn.',
      attempts: 0,
      cancellableWhileRunning: draft.cancellableWhileRunning ? 1 : 0,
      createdAt: now,
      availableAt: now,
      lanePosition: await this.nextLanePosition(session, draft.lane),
      open: 1,
      fence: 0,
      crashes: 0,
      lastSequence: 0,
    };
    await insertRows<TaskRow>(session, 'Task', row);
    const steps = stepNames.map((name, position): Partial<TaskStepRow> => ({
      taskId: row.id,
      position,
      name,
      status: 'PENDING',
      attempts: 0,
    }));
    await insertRows<TaskStepRow>(session, 'TaskStep', steps);
    return this.publish(session, row.id, 'CREATED');
  }

  private async nextLanePosition(session: Session, lane: string): Promise<number> {
    const last = await session.findOne<TaskRow>('Task', {
      where: { lane },
      order: { lanePosition: 'DESC' },
    });
    return (last?.lanePosition ?? 0) + 1;
  }

  /** Gives the change just made to the task its sequence number and writes its event; the row is locked by then. */
  async publish(session: Session, taskId: string, kind: TaskEventKind): Promise<TaskSnapshot> {
    const next = { lastSequence: () => 'last_sequence + 1' };
    await updateRows<TaskRow>(session, 'Task', next, 'id = :taskId', { taskId });
    const [row] = await findRows<TaskRow>(session, 'Task', 'id = :taskId', { taskId });
    if (!row) throw new Error(`There is no task ${taskId}.`);
    const steps = await this.stepRows(session, [taskId]);
    const snapshot: TaskSnapshot = { ...toTask(row), steps: steps.map(toStep) };
    await this.tell(session, [
      { kind, sequence: row.lastSequence, at: await this.database.now(session), snapshot },
    ]);
    return snapshot;
  }

  /** Writes the events of changes whose sequence numbers are on the task's row by now. */
  async tell(session: Session, news: readonly TaskNews[]): Promise<void> {
    const events = news.map(({ kind, sequence, at, snapshot }) => ({
      ...{ topic: 'TASK' as const, subjectId: snapshot.id, tenantId: snapshot.tenantId },
      ...{ kind, sequence, at, payload: snapshot },
    }));
    await this.feed.append(session, ...events);
  }

  private stepRows(session: Session, taskIds: readonly string[]): Promise<TaskStepRow[]> {
    const where = 'task_id IN (:...taskIds) ORDER BY task_id, position';
    return taskIds.length === 0
      ? Promise.resolve([])
      : findRows<TaskStepRow>(session, 'TaskStep', where, { taskIds });
  }

  /** The steps of several tasks at once, in order, keyed by the task's id. */
  async stepsOf(session: Session, taskIds: readonly string[]): Promise<Map<string, TaskStep[]>> {
    const steps = new Map<string, TaskStep[]>();
    for (const row of await this.stepRows(session, taskIds)) {
      const own = steps.get(row.taskId) ?? [];
      own.push(toStep(row));
      steps.set(row.taskId, own);
    }
    return steps;
  }

  async findMany(session: Session, scope: TenantScope, ids: readonly string[]): Promise<Task[]> {
    const rows = await session.find<TaskRow>('Task', { where: { id: In([...ids]), ...visible(scope) } });
    return rows.map(toTask);
  }

  async find(session: Session, scope: TenantScope, id: string): Promise<Task | null> {
    return (await this.findMany(session, scope, [id]))[0] ?? null;
  }

  /** Reads a task and keeps others from changing it until the transaction ends. */
  async lock(session: Session, scope: TenantScope, id: string): Promise<Task | null> {
    const row = await lockRow<TaskRow>(session, 'Task', id);
    return row && (scope.tenantId === null || scope.tenantId === row.tenantId) ? toTask(row) : null;
  }

  /** The tasks that repeat some of these; each is repeated once at most. */
  async retriesOf(session: Session, ids: readonly string[]): Promise<Task[]> {
    return (await session.find<TaskRow>('Task', { where: { retryOf: In([...ids]) } })).map(toTask);
  }

  /** The ids of one tenant's tasks that wait for a place on one backend, in their order; the first so many. */
  async queued(session: Session, { tenantId, backendId }: Share, most: number): Promise<string[]> {
    const share = { tenantId: tenantId ?? IsNull(), backendId: backendId ?? IsNull() };
    const rows = await session
      .createQueryBuilder<TaskRow>('Task', 'task')
      .select('task.id AS id')
      .where({ open: 1, ...share, status: 'QUEUED' })
      .andWhere(FIRST_OF_LANE)
      .orderBy('task.available_at', 'ASC')
      .addOrderBy('task.id', 'ASC')
      .limit(most)
      .getRawMany<{ id: string }>();
    return rows.map(({ id }) => id);
  }

  /** Newest first. */
  async list(session: Session, scope: TenantScope, query: TaskQuery, page: IdPage): Promise<Task[]> {
    const { id, order, take } = idPageOptions(page, true);
    const where = { ...conditions(scope, query), ...(id ? { id } : {}) };
    const rows = await session.find<TaskRow>('Task', { where, order: { id: order }, take });
    return rows.map(toTask);
  }

  async count(session: Session, scope: TenantScope, query: TaskQuery): Promise<number> {
    return session.count<TaskRow>('Task', { where: conditions(scope, query) });
  }

  /** The open tasks of several lanes, in the order in which they will run. */
  async openInLanes(
    session: Session,
    scope: TenantScope,
    lanes: readonly string[],
  ): Promise<Map<string, Task[]>> {
    const rows = await session.find<TaskRow>('Task', {
      where: { lane: In([...lanes]), open: 1, ...visible(scope) },
      order: { lane: 'ASC', lanePosition: 'ASC' },
    });
    const open = new Map<string, Task[]>();
    for (const row of rows) {
      const known = open.get(row.lane);
      if (known) known.push(toTask(row));
      else open.set(row.lane, [toTask(row)]);
    }
    return open;
  }

  /** Ends a task that no worker has taken up yet. False when one has, or when it has ended. */
  async cancelQueued(session: Session, id: string): Promise<boolean> {
    const now = (): string => nowSql(this.database.dialect);
    const patch = {
      status: 'CANCELLED' as const,
      message: null,
      open: null,
      fence: () => 'fence + 1',
      endedAt: now,
      cancelRequestedAt: now,
      error: { code: 'CANCELLED' as const, message: 'Cancelled before it began.', retryable: false },
    };
    const unclaimed = "id = :id AND status = 'QUEUED' AND lease_owner IS NULL";
    return (await updateRows<TaskRow>(session, 'Task', patch, unclaimed, { id })) === 1;
  }

  /** Notes the wish to cancel for the worker to find at its next step. False when the task has ended or turned back. */
  async requestCancel(session: Session, id: string): Promise<boolean> {
    const now = (): string => nowSql(this.database.dialect);
    // A task that waits for another try turns back now.
    const patch = { cancelRequestedAt: now, availableAt: now };
    const underWay = "id = :id AND open = 1 AND phase = 'DO'";
    return (await updateRows<TaskRow>(session, 'Task', patch, underWay, { id })) === 1;
  }

  /** The input that the task was enqueued with. */
  async inputOf(session: Session, id: string): Promise<unknown> {
    const row = await session.findOneOrFail<TaskRow>('Task', { where: { id } });
    return row.input;
  }
}

function visible(scope: TenantScope): FindOptionsWhere<TaskRow> {
  return scope.tenantId === null ? {} : { tenantId: scope.tenantId };
}

function conditions(scope: TenantScope, query: TaskQuery): FindOptionsWhere<TaskRow> {
  const where: FindOptionsWhere<TaskRow> = {};
  if (query.statuses) where.status = In([...new Set(query.statuses)]);
  if (query.operations) where.operation = In([...new Set(query.operations)]);
  if (query.targetId !== undefined) where.targetId = query.targetId;
  if (query.tenantId === undefined) return { ...where, ...visible(scope) };
  return { ...where, tenantId: scope.sees(query.tenantId) ? query.tenantId : '' };
}
