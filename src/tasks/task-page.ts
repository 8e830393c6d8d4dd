import { idConnection } from '../graphql';
import type { Connection, PageArgs } from '../graphql';
import type { TenantScope } from '../kernel';
import { toTaskType } from './task.type';
import type { TaskType } from './task.type';
import type { TaskQuery, TaskStore } from './task.store';

/** A page of tasks, newest first. @throws INVALID_ARGUMENT for bad page arguments */
export function taskPage(
  store: TaskStore,
  scope: TenantScope,
  query: TaskQuery,
  args: PageArgs,
): Promise<Connection<TaskType>> {
  const { reader } = store.database;
  return idConnection(args, {
    list: (page) => store.list(reader, scope, query, page),
    count: () => store.count(reader, scope, query),
    toNode: toTaskType,
  });
}
