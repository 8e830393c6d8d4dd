import type { ErrorCode } from '../kernel';

/** QUEUED waits for a worker or for an earlier task of its lane; the last three are final. */
export const TASK_STATUSES = ['QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

/** What a task does. One workflow is registered for each. */
export const TASK_OPERATIONS = [
  'CREATE_NETWORK',
  'DELETE_NETWORK',
  'CREATE_VM',
  'START_VM',
  'STOP_VM',
  'REBOOT_VM',
  'SUSPEND_VM',
  'RESUME_VM',
  'RESIZE_VM',
  'DELETE_VM',
] as const;
export type TaskOperation = (typeof TASK_OPERATIONS)[number];

/** When a request to cancel takes effect. */
export const TASK_CANCELLABLE = ['NOW', 'AT_NEXT_STEP', 'NEVER'] as const;
export type TaskCancellable = (typeof TASK_CANCELLABLE)[number];

export const STEP_STATUSES = ['PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'UNDONE'] as const;
export type StepStatus = (typeof STEP_STATUSES)[number];

/** DO walks the steps forward; UNDO walks back over what was begun, after a failure or a cancellation. */
export type TaskPhase = 'DO' | 'UNDO';

/** Why a task did not succeed, in words that are safe for the tenant. */
export interface TaskError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
}

export interface TaskStep {
  readonly name: string;
  readonly status: StepStatus;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly message: string | null;
}

/** A durable operation. Times are milliseconds since the epoch, by the database's clock. */
export interface Task {
  readonly id: string;
  readonly tenantId: string | null;
  /** The backend that it works on; null where it asks none. */
  readonly backendId: string | null;
  readonly operation: TaskOperation;
  /** The id of the object that it works on. */
  readonly targetId: string;
  /** The failed task that it repeats. */
  readonly retryOf: string | null;
  /** Tasks of one lane run one after another. */
  readonly lane: string;
  readonly actor: string;
  readonly status: TaskStatus;
  readonly phase: TaskPhase;
  /** 0 to 100. */
  readonly progress: number;
  readonly message: string | null;
  readonly attempts: number;
  /** Whether its workflow allows cancellation once it runs. */
  readonly cancellableWhileRunning: boolean;
  readonly cancelRequestedAt: number | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly deadlineAt: number | null;
  readonly error: TaskError | null;
}

/** What would be taken back of one step if its task was cancelled now. */
export interface StepUndo {
  readonly step: string;
  readonly summary: string;
}

export function isFinal(status: TaskStatus): boolean {
  return status === 'SUCCEEDED' || status === 'FAILED' || status === 'CANCELLED';
}

/** When a cancellation asked for at this moment would take effect. */
export function cancellableOf(
  task: Pick<Task, 'status' | 'phase' | 'cancellableWhileRunning'>,
): TaskCancellable {
  if (isFinal(task.status) || task.phase === 'UNDO') return 'NEVER';
  if (task.status === 'QUEUED') return 'NOW';
  return task.cancellableWhileRunning ? 'AT_NEXT_STEP' : 'NEVER';
}
