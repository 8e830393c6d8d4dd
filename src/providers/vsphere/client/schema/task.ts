/** Tasks. Source: VMware vSphere Web Services API, WSDL vim25. */
import { anyType, boolean, dateTime, enumeration, int, moRef, optional, string, struct } from './combinators';
import { LocalizedMethodFault } from './faults';
import type { Infer } from './schema';

export const TaskInfoState = enumeration('TaskInfoState', 'queued', 'running', 'success', 'error');

export const TaskInfo = struct('TaskInfo', {
  key: string,
  task: moRef('Task'),
  name: optional(string),
  descriptionId: string,
  entity: optional(moRef()),
  entityName: optional(string),
  state: TaskInfoState,
  cancelled: boolean,
  cancelable: boolean,
  error: optional(LocalizedMethodFault),
  /** A reference for what was made; its type depends on the method. */
  result: optional(anyType),
  /** Percent; absent while the server does not know. */
  progress: optional(int),
  queueTime: optional(dateTime),
  startTime: optional(dateTime),
  completeTime: optional(dateTime),
});
export type TaskInfo = Infer<typeof TaskInfo>;
