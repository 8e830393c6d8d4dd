import type { Task, TaskStep } from './task';
import type { TaskStepRow } from './task-step.table';
import type { TaskRow } from './task.table';

/** A task with its steps, as one change left it: what events carry and what the API shows. */
export interface TaskSnapshot extends Task {
  readonly steps: readonly TaskStep[];
}

export function toTask(row: TaskRow): Task {
  return {
    id: row.id,
    tenantId: row.tenantId,
    backendId: row.backendId,
    operation: row.operation,
    targetId: row.targetId,
    retryOf: row.retryOf,
    lane: row.lane,
    actor: row.actor,
    status: row.status,
    phase: row.phase,
    progress: row.progress,
    message: row.message,
    attempts: row.attempts,
    cancellableWhileRunning: Boolean(row.cancellableWhileRunning),
    cancelRequestedAt: row.cancelRequestedAt,
    createdAt: row.createdAt,
    startedAt: row.startedAt,
    endedAt: row.endedAt,
    deadlineAt: row.deadlineAt,
    error: row.error,
  };
}

export function toStep(row: TaskStepRow): TaskStep {
  return {
    name: row.name,
    status: row.status,
    startedAt: row.startedAt,
    endedAt: row.endedAt,
    message: row.message,
  };
}
