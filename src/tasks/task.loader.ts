import DataLoader from 'dataloader';
import { idLoader, LoaderKey, requireScope } from '../graphql';
import type { IdLoader, RequestContext } from '../graphql';
import type { Task, TaskStep } from './task';
import type { TaskStore } from './task.store';
import type { Share } from './turn-plan';

/** Nobody is told a more exact place in a queue than this. */
export const MOST_QUEUED = 1_000;

const TASK_BY_ID = new LoaderKey<IdLoader<Task>>('taskById');
const STEPS_BY_TASK = new LoaderKey<DataLoader<string, TaskStep[]>>('stepsByTask');
const RETRY_BY_TASK = new LoaderKey<DataLoader<string, Task | null>>('retryByTask');
const QUEUED_BY_SHARE = new LoaderKey<DataLoader<Share, string[], string>>('queuedByShare');
const OPEN_BY_LANE = new LoaderKey<DataLoader<string, Task[]>>('openTasksByLane');

/** Tasks by id, as far as the caller may see them. */
export function taskLoader(context: RequestContext, store: TaskStore): IdLoader<Task> {
  return idLoader(context, TASK_BY_ID, (scope, ids) => store.findMany(store.database.reader, scope, ids));
}

/** The steps of tasks that the caller was allowed to see. */
export function stepLoader(context: RequestContext, store: TaskStore): DataLoader<string, TaskStep[]> {
  return context.loader(
    STEPS_BY_TASK,
    () =>
      new DataLoader(async (ids: readonly string[]) => {
        const steps = await store.stepsOf(store.database.reader, ids);
        return ids.map((id) => steps.get(id) ?? []);
      }),
  );
}

/** The open tasks of an object, in the order in which they run. */
export function openTasksLoader(context: RequestContext, store: TaskStore): DataLoader<string, Task[]> {
  return context.loader(
    OPEN_BY_LANE,
    () =>
      new DataLoader(async (lanes: readonly string[]) => {
        const open = await store.openInLanes(store.database.reader, requireScope(context), lanes);
        return lanes.map((lane) => open.get(lane) ?? []);
      }),
  );
}

/** The tasks that repeat tasks which the caller was allowed to see: they are the same tenant's. */
export function retryLoader(context: RequestContext, store: TaskStore): DataLoader<string, Task | null> {
  return context.loader(
    RETRY_BY_TASK,
    () =>
      new DataLoader(async (ids: readonly string[]) => {
        const retries = await store.retriesOf(store.database.reader, ids);
        return ids.map((id) => retries.find(({ retryOf }) => retryOf === id) ?? null);
      }),
  );
}

/** The ids of a tenant's tasks that wait for a place on a backend, in their order. */
export function queueLoader(context: RequestContext, store: TaskStore): DataLoader<Share, string[], string> {
  return context.loader(
    QUEUED_BY_SHARE,
    () =>
      new DataLoader(
        (shares: readonly Share[]) =>
          Promise.all(shares.map((share) => store.queued(store.database.reader, share, MOST_QUEUED))),
        { cacheKeyFn: ({ tenantId, backendId }) => JSON.stringify([tenantId, backendId]) },
      ),
  );
}
