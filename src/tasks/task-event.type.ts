import { ArgsType, Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { toStepType, toTaskType, TaskType } from './task.type';
import type { TaskEvent } from './task-event-streams';

export const TaskEventKindEnum = {
  CREATED: 'CREATED',
  STARTED: 'STARTED',
  PROGRESS: 'PROGRESS',
  STEP: 'STEP',
  SUCCEEDED: 'SUCCEEDED',
  FAILED: 'FAILED',
  CANCELLED: 'CANCELLED',
  LAGGED: 'LAGGED',
} as const;
registerEnumType(TaskEventKindEnum, {
  name: 'TaskEventKind',
  description: 'What happened to a task. New values may be added.',
  valuesConfig: {
    CREATED: { description: 'It was accepted.' },
    STARTED: { description: 'A worker took it up for the first time.' },
    PROGRESS: { description: 'Its progress or its message changed.' },
    STEP: { description: 'One of its steps began, ended or was taken back.' },
    SUCCEEDED: { description: 'It ended, and everything asked for is done.' },
    FAILED: { description: 'It ended without success.' },
    CANCELLED: { description: 'It ended on request.' },
    LAGGED: {
      description:
        'Events are missing before the next one: they are no longer kept, or the client was too slow. Read the state anew.',
    },
  },
});

@ObjectType('TaskEvent', { description: 'A change of a task.' })
export class TaskEventType {
  @Field(() => String, { description: 'Hand this back as `after` to go on behind this event.' })
  cursor!: string;

  @Field(() => TaskType, { description: 'The task as the change left it.' })
  task!: TaskType;

  @Field(() => TaskEventKindEnum, { description: 'What happened.' })
  kind!: keyof typeof TaskEventKindEnum;

  @Field(() => Date, { description: 'When it happened, by the database’s clock.' })
  at!: Date;
}

@ArgsType()
export class TaskEventsArgs {
  @Field(() => ID, {
    nullable: true,
    description:
      'Only this task. Without `after` its whole history comes first; the stream completes after its end.',
  })
  taskId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Only tasks of this tenant; a tenant’s own token always sees just its own.',
  })
  tenantId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The cursor of the last event seen: everything since comes first, then what happens.',
  })
  after?: string | null;
}

export function toTaskEventType(event: TaskEvent): TaskEventType {
  const task = { ...toTaskType(event.task), knownSteps: event.task.steps.map(toStepType) };
  return { cursor: event.cursor, kind: event.kind, at: new Date(event.at), task };
}
