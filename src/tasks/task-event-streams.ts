import { ObjectEventStreams } from '../events';
import type { EventsQuery, ObjectEventStreamsOptions, ResumableStream, ToldEvent } from '../events';
import { LoaderKey } from '../graphql';
import { notFound } from '../kernel';
import type { TenantScope } from '../kernel';
import { isFinal } from './task';
import type { Task } from './task';
import type { TaskService } from './task.service';
import type { TaskSnapshot } from './task-snapshot';
import type { TaskEventKind } from './task.store';

/** What a subscriber may ask for; see the schema. */
export interface TaskEventsQuery extends EventsQuery {
  readonly taskId: string | null;
}

export interface TaskEvent extends ToldEvent {
  readonly kind: TaskEventKind | 'LAGGED';
  readonly task: TaskSnapshot;
}

export interface TaskEventStreamsOptions extends ObjectEventStreamsOptions {
  readonly tasks: TaskService;
}

/** Under this key each operation's context holds the streams, because a subscription starts without a resolver. */
export const TASK_EVENT_STREAMS = new LoaderKey<TaskEventStreams>('taskEventStreams');

function endsTask({ kind, task }: TaskEvent): boolean {
  return kind !== 'LAGGED' && isFinal(task.status);
}

/** The event streams of tasks. */
export class TaskEventStreams {
  private readonly streams: ObjectEventStreams;

  constructor(private readonly options: TaskEventStreamsOptions) {
    this.streams = new ObjectEventStreams(options);
  }

  /** @throws NOT_FOUND for what the scope must not see, INVALID_ARGUMENT for a bad cursor */
  async subscribe(
    scope: TenantScope,
    query: TaskEventsQuery,
  ): Promise<AsyncIterableIterator<TaskEvent, void>> {
    const { tenantId, after } = await this.streams.admit(scope, query);
    if (query.taskId === null) return this.open(scope, { tenantId }, after);
    const task = await this.options.tasks.get(scope, query.taskId, undefined, 'taskId');
    if (tenantId !== undefined && task.tenantId !== tenantId) throw notFound('Task', query.taskId, 'taskId');
    // From nowhere, too, nothing is missing to whom all of it is told.
    const from = Math.max(0, after ?? 0);
    return (await this.isOver(task, from)) ? over() : this.open(scope, { subjectId: task.id }, from);
  }

  /** A subscriber who comes after the end of the task, or of its history, has nothing to wait for. */
  private async isOver(task: Task, after: number): Promise<boolean> {
    const last = await this.options.feed.lastOf(task.id);
    const seen = last === null || (last.position !== null && last.position <= after);
    return seen && isFinal(last === null ? task.status : (last.payload as TaskSnapshot).status);
  }

  /** The stream of one task is complete after its end; that of several never is. */
  private open(
    scope: TenantScope,
    which: { readonly tenantId?: string | undefined; readonly subjectId?: string },
    after: number | null,
  ): ResumableStream<TaskEvent> {
    return this.streams.open<TaskEvent>(scope, {
      ...{ filter: { topic: 'TASK', ...which }, after },
      toEvent: (told, event) => ({
        ...told,
        kind: told.kind as TaskEvent['kind'],
        task: event.payload as TaskSnapshot,
      }),
      isLast: (event) => which.subjectId !== undefined && endsTask(event),
    });
  }
}

/** A stream in which nothing happens any more. */
function over(): AsyncIterableIterator<TaskEvent, void> {
  const done = () => Promise.resolve({ done: true as const, value: undefined });
  return {
    next: done,
    return: done,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
