import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { connectionType, enumOf, Node, toDate } from '../graphql';
import { ERROR_CODES } from '../kernel';
import { cancellableOf, STEP_STATUSES, TASK_CANCELLABLE, TASK_OPERATIONS, TASK_STATUSES } from './task';
import type { StepStatus, Task, TaskCancellable, TaskOperation, TaskStatus, TaskStep } from './task';

export const TaskStatusEnum = enumOf(TASK_STATUSES);
registerEnumType(TaskStatusEnum, {
  name: 'TaskStatus',
  description: 'Where a task stands. New values may be added.',
  valuesConfig: {
    QUEUED: { description: 'Waits for a worker, or for an earlier task on the same object.' },
    RUNNING: { description: 'Under way, including the time between tries and while it is taken back.' },
    SUCCEEDED: { description: 'Ended; everything asked for is done.' },
    FAILED: { description: 'Ended; what was begun has been taken back. See `error`.' },
    CANCELLED: { description: 'Ended on request; what was begun has been taken back.' },
  },
});

export const TaskOperationEnum = enumOf(TASK_OPERATIONS);
registerEnumType(TaskOperationEnum, {
  name: 'TaskOperation',
  description: 'What a task does. New values may be added.',
  valuesConfig: {
    CREATE_NETWORK: { description: 'Makes a network on its backend.' },
    DELETE_NETWORK: { description: 'Removes a network from its backend.' },
    CREATE_VM: { description: 'Makes a VM from a template, and starts it unless told otherwise.' },
    START_VM: { description: 'Powers a VM on.' },
    STOP_VM: { description: 'Shuts a VM down, or powers it off when forced.' },
    REBOOT_VM: { description: 'Restarts a VM’s guest.' },
    SUSPEND_VM: { description: 'Saves a running VM’s memory and stops it.' },
    RESUME_VM: { description: 'Brings a suspended VM back to where it was.' },
    RESIZE_VM: { description: 'Changes a VM’s processors, memory or disk.' },
    DELETE_VM: { description: 'Removes a VM with all its disks.' },
  },
});

export const TaskCancellableEnum = enumOf(TASK_CANCELLABLE);
registerEnumType(TaskCancellableEnum, {
  name: 'TaskCancellable',
  description: 'When a request to cancel takes effect.',
  valuesConfig: {
    NOW: { description: 'At once: the task has not begun.' },
    AT_NEXT_STEP: { description: 'After the step under way; what was done is then taken back.' },
    NEVER: { description: 'Not at all: the task has ended, is being taken back, or must run to its end.' },
  },
});

export const StepStatusEnum = enumOf(STEP_STATUSES);
registerEnumType(StepStatusEnum, {
  name: 'TaskStepStatus',
  description: 'Where a step of a task stands.',
  valuesConfig: {
    PENDING: { description: 'Not begun.' },
    RUNNING: { description: 'Under way, or waiting for another try.' },
    SUCCEEDED: { description: 'Done.' },
    FAILED: { description: 'Given up; the task is taken back from here.' },
    UNDONE: { description: 'Taken back after a later failure or a cancellation.' },
  },
});

@ObjectType('TaskStep', { description: 'One step of a task.' })
export class TaskStepType {
  @Field(() => String, { description: 'The step’s name, unique within the task, in kebab-case.' })
  name!: string;

  @Field(() => StepStatusEnum, { description: 'Where the step stands.' })
  status!: StepStatus;

  @Field(() => Date, { nullable: true, description: 'When it was first begun.' })
  startedAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it was done, given up or taken back.' })
  endedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'What came of it, in words.' })
  message!: string | null;
}

@ObjectType('TaskUndo', { description: 'What would be taken back of one step.' })
export class TaskUndoType {
  @Field(() => String, { description: 'The step’s name.' })
  step!: string;

  @Field(() => String, { description: 'What is done, in a sentence.' })
  summary!: string;
}

@ObjectType('TaskError', { description: 'Why a task did not succeed.' })
export class TaskErrorType {
  @Field(() => String, {
    description: `One of the closed list of codes: ${ERROR_CODES.join(', ')}.`,
  })
  code!: string;

  @Field(() => String, { description: 'The reason, in words; act upon the code instead.' })
  message!: string;

  @Field(() => Boolean, { description: 'Whether the same request may succeed later unchanged.' })
  retryable!: boolean;
}

@ObjectType('Task', {
  implements: Node,
  description: 'A durable operation: it survives restarts, shows its progress and can be followed live.',
})
export class TaskType extends Node {
  @Field(() => TaskOperationEnum, { description: 'What it does.' })
  operation!: TaskOperation;

  @Field(() => TaskStatusEnum, { description: 'Where it stands.' })
  status!: TaskStatus;

  @Field(() => Int, { description: 'How far it is, in percent: 0 to 100; 100 only when it has succeeded.' })
  progress!: number;

  @Field(() => String, { nullable: true, description: 'What is happening right now, in words.' })
  message!: string | null;

  @Field(() => String, { description: 'Who asked for it: a token’s id, `administrator` or `system`.' })
  actor!: string;

  @Field(() => Date, { description: 'When it was accepted.' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When a worker first took it up.' })
  startedAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When it ended.' })
  endedAt!: Date | null;

  @Field(() => Date, {
    nullable: true,
    description: 'When it is given up and taken back if it has not ended by then.',
  })
  deadlineAt!: Date | null;

  @Field(() => Int, { description: 'How often a worker took it up: 1 when all goes well.' })
  attempts!: number;

  @Field(() => TaskCancellableEnum, { description: 'When `cancelTask` would take effect.' })
  cancellable!: TaskCancellable;

  @Field(() => Date, { nullable: true, description: 'When somebody asked to cancel it.' })
  cancelRequestedAt!: Date | null;

  @Field(() => TaskErrorType, { nullable: true, description: 'Why it did not succeed, or will not.' })
  error!: TaskErrorType | null;

  /** For the field resolvers; no fields of the API. */
  tenantId!: string | null;
  targetId!: string;
  lane!: string;
  backendId!: string | null;
  retryOfId!: string | null;
  phase!: Task['phase'];
  cancellableWhileRunning!: boolean;
  /** Present when the task comes out of an event. */
  knownSteps?: TaskStepType[];
}

export const TaskConnection = connectionType('Task', () => TaskType);

@InputType({ description: 'Which tasks; every condition given has to hold.' })
export class TaskFilter {
  @Field(() => [TaskStatusEnum], { nullable: true, description: 'Only tasks in one of these states.' })
  status?: TaskStatus[] | null;

  @Field(() => [TaskOperationEnum], { nullable: true, description: 'Only tasks that do one of these.' })
  operation?: TaskOperation[] | null;

  @Field(() => ID, { nullable: true, description: 'Only tasks on the object with this id.' })
  targetId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only tasks of this tenant.' })
  tenantId?: string | null;
}

export function toStepType(step: TaskStep): TaskStepType {
  return { ...step, startedAt: toDate(step.startedAt), endedAt: toDate(step.endedAt) };
}

export function toTaskType(task: Task): TaskType {
  return {
    id: task.id,
    operation: task.operation,
    status: task.status,
    progress: task.progress,
    message: task.message,
    actor: task.actor,
    createdAt: toDate(task.createdAt),
    startedAt: toDate(task.startedAt),
    endedAt: toDate(task.endedAt),
    deadlineAt: toDate(task.deadlineAt),
    attempts: task.attempts,
    cancellable: cancellableOf(task),
    cancelRequestedAt: toDate(task.cancelRequestedAt),
    error: task.error,
    tenantId: task.tenantId,
    targetId: task.targetId,
    lane: task.lane,
    backendId: task.backendId,
    retryOfId: task.retryOf,
    phase: task.phase,
    cancellableWhileRunning: task.cancellableWhileRunning,
  };
}
