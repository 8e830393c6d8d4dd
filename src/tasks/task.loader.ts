import DataLoader from 'dataloader';
import { idLoader, LoaderKey, requireScope } from '../graphql';
import type { IdLoader, RequestContext } from '../graphql';
import type { Task, TaskStep } from './task';
import type { TaskStore } from './task.store';

const TASK_BY_ID = new LoaderKey<IdLoader<Task>>('taskById');
const STEPS_BY_TASK = new LoaderKey<DataLoader<string, TaskStep[]>>('stepsByTask');
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
