import type { TaskRecord } from '../model/records';
import type { VimStruct } from '../vim/values';
import { moRef, struct } from '../vim/values';
import type { Properties } from './entity';
import { enumOf } from './scalars';

export function taskProperties(task: TaskRecord): Properties {
  return { info: taskInfo(task) };
}

export function taskInfo(task: TaskRecord): VimStruct {
  return struct('TaskInfo', {
    key: task.ref.value,
    task: task.ref,
    description: undefined,
    name: task.name,
    descriptionId: task.descriptionId,
    entity: task.entity === null ? undefined : moRef(task.entityType, task.entity),
    entityName: task.entityName,
    locked: undefined,
    state: enumOf('TaskInfoState', task.state),
    cancelled: task.cancelled,
    cancelable: task.cancelable,
    error: task.error
      ? struct('LocalizedMethodFault', { fault: task.error.fault, localizedMessage: task.error.message })
      : undefined,
    result: task.result ?? undefined,
    progress: task.state === 'running' ? task.progress : undefined,
    reason: struct('TaskReasonUser', { userName: task.userName }),
    queueTime: new Date(task.queuedMs),
    startTime: task.startedMs === null ? undefined : new Date(task.startedMs),
    completeTime: task.completedMs === null ? undefined : new Date(task.completedMs),
    eventChainId: task.chainId,
  });
}
