import { AppError } from '../kernel';
import type { Task, TaskStep } from './task';
import type { Workflow } from './workflow';

/** Why a task is not repeated; `details.reason` of the refusal. */
export type RetryRefusal =
  'NOT_FAILED' | 'NOT_UNDONE' | 'NOT_REPEATABLE' | 'OBJECT_BUSY' | 'OBJECT_STATE' | 'USER_DATA_FORGOTTEN';

export function retryRefused(reason: RetryRefusal, message: string): AppError {
  return new AppError('FAILED_PRECONDITION', `The task cannot be repeated: ${message}`, {
    details: { reason },
  });
}

/** Whether everything that a task began and that can be taken back is taken back. */
export function isUndone(workflow: Workflow<unknown>, steps: readonly TaskStep[]): boolean {
  return workflow.steps.every((step, position) => {
    const status = steps[position]?.status;
    return step.undo === undefined || status === undefined || status === 'PENDING' || status === 'UNDONE';
  });
}

/** What forbids the repetition of a task, whatever its object says. @throws FAILED_PRECONDITION */
export function refuseUnlessRepeatable(
  workflow: Workflow<unknown>,
  task: Task,
  steps: readonly TaskStep[],
): asserts workflow is Workflow<unknown> & Required<Pick<Workflow<unknown>, 'retry'>> {
  if (task.status !== 'FAILED') throw retryRefused('NOT_FAILED', `it is ${task.status}.`);
  if (!workflow.retry) throw retryRefused('NOT_REPEATABLE', 'tasks of its kind never are.');
  if (!isUndone(workflow, steps))
    throw retryRefused('NOT_UNDONE', 'not all that it began could be taken back.');
}
