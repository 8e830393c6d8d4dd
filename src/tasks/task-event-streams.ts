import { eventSubscription, streamEvents } from '../events';
import type { EventCursors, EventFeed, StreamItem } from '../events';
import { LoaderKey } from '../graphql';
import { notFound } from '../kernel';
import type { TenantScope } from '../kernel';
import { isFinal } from './task';
import type { Task } from './task';
import type { TaskService } from './task.service';
import type { TaskSnapshot } from './task-snapshot';
import type { TaskEventKind } from './task.store';

/** What a subscriber may ask for; see the schema. */
export interface TaskEventsQuery {
  readonly taskId: string | null;
  readonly tenantId: string | null;
  readonly after: string | null;
}

export interface TaskEvent {
  readonly cursor: string;
  readonly kind: TaskEventKind | 'LAGGED';
  readonly at: number;
  readonly task: TaskSnapshot;
}

export interface TaskEventStreamsOptions {
  readonly feed: EventFeed;
  readonly cursors: EventCursors;
  readonly tasks: TaskService;
  /** Rejects with NOT_FOUND naming the field, for a tenant that there is not or that the scope must not know of. */
  readonly requireTenant: (scope: TenantScope, id: string, field: string) => Promise<unknown>;
  /** A live subscriber that is further behind than this many events is moved on, and told so. */
  readonly maxBacklog: number;
}

/** Under this key each operation's context holds the streams, because a subscription starts without a resolver. */
export const TASK_EVENT_STREAMS = new LoaderKey<TaskEventStreams>('taskEventStreams');

/** The event streams of tasks. */
export class TaskEventStreams {
  constructor(private readonly options: TaskEventStreamsOptions) {}

  /** @throws NOT_FOUND for what the scope must not see, INVALID_ARGUMENT for a bad cursor */
  async subscribe(
    scope: TenantScope,
    query: TaskEventsQuery,
  ): Promise<AsyncIterableIterator<TaskEvent, void>> {
    const after = query.after === null ? null : this.options.cursors.decode(query.after, 'after');
    const tenantId =
      query.tenantId === null && scope.isAdministrator
        ? undefined
        : scope.resolveTenant(query.tenantId, 'tenantId');
    // An administrator's slip of the pen would otherwise be a tenant to which nothing ever happens.
    if (tenantId !== undefined) await this.options.requireTenant(scope, tenantId, 'tenantId');
    if (query.taskId !== null) return this.ofOneTask(scope, query.taskId, tenantId, after);
    return eventSubscription((signal) => this.many(scope, tenantId, after, signal));
  }

  private async ofOneTask(
    scope: TenantScope,
    taskId: string,
    tenantId: string | undefined,
    after: number | null,
  ): Promise<AsyncIterableIterator<TaskEvent, void>> {
    const task = await this.options.tasks.get(scope, taskId, undefined, 'taskId');
    if (tenantId !== undefined && task.tenantId !== tenantId) throw notFound('Task', taskId, 'taskId');
    return eventSubscription((signal) => this.one(scope, task, after ?? 0, signal));
  }

  /** The events of one task since `after`; complete after its end. */
  private async *one(
    scope: TenantScope,
    task: Task,
    after: number,
    signal: AbortSignal,
  ): AsyncGenerator<TaskEvent, void> {
    const { feed, maxBacklog } = this.options;
    // A subscriber who comes after the end of the task, or of its history, has nothing to wait for.
    const last = await feed.lastOf(task.id);
    const seen = last === null || (last.position !== null && last.position <= after);
    if (seen && isFinal(last === null ? task.status : (last.payload as TaskSnapshot).status)) return;
    const filter = { topic: 'TASK', subjectId: task.id } as const;
    for await (const item of streamEvents(feed, { filter, after, maxBacklog, signal })) {
      const first = after === 0 && item.event.sequence === 1;
      for (const event of this.toEvents(scope, first ? { ...item, lagged: false } : item)) {
        yield event;
        if (event.kind !== 'LAGGED' && isFinal(event.task.status)) return;
      }
    }
  }

  private async *many(
    scope: TenantScope,
    tenantId: string | undefined,
    after: number | null,
    signal: AbortSignal,
  ): AsyncGenerator<TaskEvent, void> {
    const { feed, maxBacklog } = this.options;
    const filter = { topic: 'TASK', tenantId } as const;
    for await (const item of streamEvents(feed, { filter, after, maxBacklog, signal })) {
      yield* this.toEvents(scope, item);
    }
  }

  /** The tenant is checked once more for each event: a filter that was wrong must not become a leak. */
  private toEvents(scope: TenantScope, { event, lagged }: StreamItem): TaskEvent[] {
    if (!scope.sees(event.tenantId)) return [];
    const shared = {
      cursor: this.options.cursors.encode(event.position),
      at: event.at,
      task: event.payload as TaskSnapshot,
    };
    const own = { ...shared, kind: event.kind as TaskEventKind };
    if (!lagged) return [own];
    const before = this.options.cursors.encode(event.position - 1);
    return [{ ...shared, cursor: before, kind: 'LAGGED' }, own];
  }
}
