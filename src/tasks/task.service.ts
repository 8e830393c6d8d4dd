import type { Session } from '../database';
import { idempotentRequest } from '../idempotency';
import type { IdempotencyStore } from '../idempotency';
import { AppError, notFound, requireFound, TenantScope } from '../kernel';
import { passTask } from './crash-points';
import { refuseUnlessRepeatable, retryRefused } from './retry-rules';
import { cancellableOf, isFinal } from './task';
import type { StepUndo, Task, TaskOperation, TaskStep } from './task';
import type { TaskStore } from './task.store';
import type { WorkflowRegistry } from './workflow';

export interface Enqueue {
  readonly operation: TaskOperation;
  readonly tenantId: string | null;
  readonly targetId: string;
  /** The backend that will have the work; null or absent where none has. */
  readonly backendId?: string | null;
  /** JSON, read back by the workflow. Never a secret: it is stored and kept. */
  readonly input: unknown;
  /** The failed task that it repeats. */
  readonly retryOf?: string;
}

/** What the nouns and the API do with tasks. */
export class TaskService {
  constructor(
    readonly store: TaskStore,
    private readonly workflows: WorkflowRegistry,
    /** Tells the engine, after the commit, that there may be something to do. */
    private readonly wakeEngine: () => void,
    private readonly idempotency: IdempotencyStore,
  ) {}

  /**
   * Queues an operation in the caller's transaction. All operations on one target share its lane and run in the order
   * of this call; the caller holds the lock on the target's row.
   */
  async enqueue(session: Session, scope: TenantScope, request: Enqueue): Promise<Task> {
    const workflow = this.workflows.get(request.operation);
    const task = await this.store.enqueue(session, {
      ...request,
      lane: request.targetId,
      actor: scope.actor,
      cancellableWhileRunning: workflow.cancellableWhileRunning,
      stepNames: workflow.steps.map((step) => step.name),
    });
    passTask(request.operation, 'queueing');
    this.store.database.afterCommit(session, () => {
      passTask(request.operation, 'queued');
      this.wakeEngine();
    });
    return task;
  }

  /** @throws NOT_FOUND */
  async get(
    scope: TenantScope,
    id: string,
    session: Session = this.store.database.reader,
    field?: string,
  ): Promise<Task> {
    const task = await this.store.find(session, scope, id);
    return requireFound('Task', task, id, field);
  }

  /**
   * Cancels a queued task at once, a running one at its next step, where its workflow allows it.
   * @throws NOT_FOUND, PERMISSION_DENIED, FAILED_PRECONDITION when it is too late
   */
  async cancel(scope: TenantScope, id: string, idempotencyKey: string | null = null): Promise<Task> {
    const { reader } = this.store.database;
    const { tenantId } = await this.get(scope, id, reader, 'input.id');
    scope.requireRole('OPERATOR');
    const request = idempotentRequest('cancelTask', tenantId, { id, idempotencyKey });
    const { taskId } = await this.idempotency.once(request, async (session) => ({
      taskId: (await this.cancelNow(session, scope, id)).id,
    }));
    return this.get(scope, taskId);
  }

  private async cancelNow(session: Session, scope: TenantScope, id: string): Promise<Task> {
    const { store } = this;
    const task = await this.get(scope, id, session, 'input.id');
    passTask(task.operation, 'cancelling');
    store.database.afterCommit(session, () => {
      passTask(task.operation, 'cancelled');
      this.wakeEngine();
    });
    if (cancellableOf(task) === 'NEVER') throw tooLate(task);
    if (await store.cancelQueued(session, id)) return this.settleCancelled(session, scope, id);
    if (!task.cancellableWhileRunning) throw tooLate(task);
    // It may have ended or turned back since it was read.
    if (!(await store.requestCancel(session, id))) throw tooLate(await this.get(scope, id, session));
    return store.publish(session, id, 'PROGRESS');
  }

  /**
   * Queues a failed task once more. Repeating it answers the task that was queued by it.
   * @throws NOT_FOUND, PERMISSION_DENIED, FAILED_PRECONDITION with a reason, see `RetryRefusal`
   */
  async retry(scope: TenantScope, id: string, idempotencyKey: string | null = null): Promise<Task> {
    const { tenantId } = await this.get(scope, id, this.store.database.reader, 'input.id');
    scope.requireRole('OPERATOR');
    const request = idempotentRequest('retryTask', tenantId, { id, idempotencyKey });
    const { taskId } = await this.idempotency.once(request, async (session) => ({
      taskId: (await this.queueAgain(session, scope, id)).id,
    }));
    return this.get(scope, taskId);
  }

  private async queueAgain(session: Session, scope: TenantScope, id: string): Promise<Task> {
    const { store } = this;
    const task = await store.lock(session, scope, id);
    if (!task) throw notFound('Task', id, 'input.id');
    const [known] = await store.retriesOf(session, [id]);
    if (known) return known;
    const workflow = this.workflows.get(task.operation);
    const steps = (await store.stepsOf(session, [id])).get(id) ?? [];
    refuseUnlessRepeatable(workflow, task, steps);
    const failed = { task, input: await store.inputOf(session, id) };
    const { input, queued } = await workflow.retry(session, failed);
    // The object is locked by now: nobody queues anything beside this.
    const open = await store.openInLanes(session, TenantScope.system(), [task.lane]);
    if (open.size > 0) throw retryRefused('OBJECT_BUSY', 'something else is queued on the same object.');
    const { operation, tenantId, backendId, targetId } = task;
    const request = { operation, tenantId, backendId, targetId, input, retryOf: id };
    const again = await this.enqueue(session, scope, request);
    await queued?.(session, again);
    return again;
  }

  /** What cancelling a task now would take back, in the order in which that happens. */
  cancelPreview(
    task: Pick<Task, 'operation' | 'status' | 'phase' | 'cancellableWhileRunning'>,
    steps: readonly Pick<TaskStep, 'status'>[],
  ): StepUndo[] {
    if (cancellableOf(task) !== 'AT_NEXT_STEP') return [];
    const { steps: declared } = this.workflows.get(task.operation);
    const begun = declared.filter((step, position) => {
      const status = steps[position]?.status;
      return step.undo !== undefined && status !== undefined && status !== 'PENDING';
    });
    return begun.map(({ name, undoes }) => ({ step: name, summary: undoes ?? '' })).reverse();
  }

  private async settleCancelled(session: Session, scope: TenantScope, id: string): Promise<Task> {
    const task = await this.get(scope, id, session);
    const input = await this.store.inputOf(session, id);
    await this.workflows
      .get(task.operation)
      .settle(session, { task, input, status: 'CANCELLED', undone: true });
    return this.store.publish(session, id, 'CANCELLED');
  }
}

function tooLate({ status, phase }: Task): AppError {
  const [reason, why] = isFinal(status)
    ? ['ENDED', `it is ${status}.`]
    : phase === 'UNDO'
      ? ['BEING_UNDONE', 'it is being taken back already.']
      : ['NOT_CANCELLABLE', 'what is under way cannot be taken back.'];
  return new AppError('FAILED_PRECONDITION', `The task cannot be cancelled: ${why}`, { details: { reason } });
}
