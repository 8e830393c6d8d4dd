import type { Session } from '../database';
import { AppError, notFound } from '../kernel';
import type { TenantScope } from '../kernel';
import { cancellableOf } from './task';
import type { Task, TaskOperation } from './task';
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
}

/** What the nouns and the API do with tasks. */
export class TaskService {
  constructor(
    readonly store: TaskStore,
    private readonly workflows: WorkflowRegistry,
    /** Tells the engine, after the commit, that there may be something to do. */
    private readonly wakeEngine: () => void,
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
    this.store.database.afterCommit(session, this.wakeEngine);
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
    if (!task) throw notFound('Task', id, field);
    return task;
  }

  /**
   * Cancels a queued task at once, a running one at its next step, where its workflow allows it.
   * @throws NOT_FOUND, PERMISSION_DENIED, FAILED_PRECONDITION when it is too late
   */
  async cancel(scope: TenantScope, id: string): Promise<Task> {
    const { store } = this;
    return store.database.transaction(async (session) => {
      const task = await this.get(scope, id, session, 'input.id');
      scope.requireRole('OPERATOR');
      store.database.afterCommit(session, this.wakeEngine);
      if (cancellableOf(task) === 'NEVER') throw tooLate(task);
      if (await store.cancelQueued(session, id)) return this.settleCancelled(session, scope, id);
      if (!task.cancellableWhileRunning || !(await store.requestCancel(session, id))) throw tooLate(task);
      return store.publish(session, id, 'PROGRESS');
    });
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

function tooLate(task: Task): AppError {
  return new AppError('FAILED_PRECONDITION', `The task cannot be cancelled: it is ${task.status}.`);
}
