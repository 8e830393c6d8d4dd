import {
  Arg,
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import { MutationInput, PageArgs, requireScope } from '../graphql';
import type { Connection, RequestContext } from '../graphql';
import { TASK_EVENT_STREAMS } from './task-event-streams';
import type { TaskEvent } from './task-event-streams';
import { TaskEventsArgs, TaskEventType, toTaskEventType } from './task-event.type';
import { stepLoader, taskLoader } from './task.loader';
import { taskPage } from './task-page';
import { TaskService } from './task.service';
import {
  TaskConnection,
  TaskFilter,
  TaskStepType,
  TaskType,
  TaskUndoType,
  toStepType,
  toTaskType,
} from './task.type';

@ArgsType()
class TasksArgs extends PageArgs {
  @Field(() => TaskFilter, {
    nullable: true,
    description: 'Which tasks; all that the caller sees when absent.',
  })
  filter?: TaskFilter | null;
}

@InputType({ description: 'Which task to cancel.' })
class CancelTaskInput extends MutationInput {
  @Field(() => ID, { description: 'The task.' })
  id!: string;
}

@ObjectType({ description: 'The answer to `cancelTask`.' })
class CancelTaskPayload {
  @Field(() => TaskType, { description: 'The task: CANCELLED already, or with `cancelRequestedAt` set.' })
  task!: TaskType;
}

@InputType({ description: 'Which task to repeat.' })
class RetryTaskInput extends MutationInput {
  @Field(() => ID, { description: 'A task that has FAILED.' })
  id!: string;
}

@ObjectType({ description: 'The answer to `retryTask`.' })
class RetryTaskPayload {
  @Field(() => TaskType, { description: 'The new task; `retryOf` is the one that failed.' })
  task!: TaskType;
}

@Resolver(() => TaskType)
export class TaskResolver {
  constructor(private readonly tasks: TaskService) {}

  @Query(() => TaskType, {
    nullable: true,
    description: 'One task; null when there is none that the caller may see.',
  })
  async task(
    @Ctx() context: RequestContext,
    @Arg('id', () => ID, { description: 'The task’s id.' }) id: string,
  ): Promise<TaskType | null> {
    requireScope(context);
    const task = await taskLoader(context, this.tasks.store).load(id);
    return task && toTaskType(task);
  }

  @Query(() => TaskConnection, { name: 'tasks', description: 'Tasks, newest first.' })
  async tasksPage(@Ctx() context: RequestContext, @Args() args: TasksArgs): Promise<Connection<TaskType>> {
    const query = {
      statuses: args.filter?.status ?? undefined,
      operations: args.filter?.operation ?? undefined,
      targetId: args.filter?.targetId ?? undefined,
      tenantId: args.filter?.tenantId ?? undefined,
    };
    return taskPage(this.tasks.store, requireScope(context), query, args);
  }

  @Mutation(() => CancelTaskPayload, {
    description:
      'Cancels a task: a queued one at once, a running one after its current step, if its kind allows it. ' +
      'FAILED_PRECONDITION when it is too late.',
  })
  async cancelTask(
    @Ctx() context: RequestContext,
    @Arg('input', () => CancelTaskInput, { description: 'Which task.' }) input: CancelTaskInput,
  ): Promise<CancelTaskPayload> {
    const { id, idempotencyKey = null } = input;
    return { task: toTaskType(await this.tasks.cancel(requireScope(context), id, idempotencyKey)) };
  }

  @Mutation(() => RetryTaskPayload, {
    description:
      'Queues a FAILED task once more, with the input that it had. Repeating it answers the same new task. ' +
      'FAILED_PRECONDITION, with `details.reason`, when it did not fail, when not all of it could be taken back, or when ' +
      'its object is in another state by now.',
  })
  async retryTask(
    @Ctx() context: RequestContext,
    @Arg('input', () => RetryTaskInput, { description: 'Which task.' }) input: RetryTaskInput,
  ): Promise<RetryTaskPayload> {
    const { id, idempotencyKey = null } = input;
    return { task: toTaskType(await this.tasks.retry(requireScope(context), id, idempotencyKey)) };
  }

  @Subscription(() => TaskEventType, {
    description:
      'Follows tasks. A `taskId` without `after` begins with the task’s whole history; any stream with `after` begins ' +
      'with everything since that event. Then come the events as they happen, in order and without gaps; where some ' +
      'are missing, an event of the kind LAGGED says so.',
    subscribe: ({ args, context }: { args: TaskEventsArgs; context: RequestContext }) =>
      context
        .loader(TASK_EVENT_STREAMS, () => {
          throw new Error('The context was made without event streams.');
        })
        .subscribe(requireScope(context), {
          taskId: args.taskId ?? null,
          tenantId: args.tenantId ?? null,
          after: args.after ?? null,
        }),
  })
  taskEvents(@Root() event: TaskEvent, @Args() _args: TaskEventsArgs): TaskEventType {
    return toTaskEventType(event);
  }

  @FieldResolver(() => [TaskStepType], { description: 'Its steps, in order.' })
  async steps(@Root() task: TaskType, @Ctx() context: RequestContext): Promise<TaskStepType[]> {
    if (task.knownSteps) return task.knownSteps;
    return (await stepLoader(context, this.tasks.store).load(task.id)).map(toStepType);
  }

  @FieldResolver(() => [TaskUndoType], {
    description:
      'What `cancelTask` would take back now, in that order; empty where it would take back nothing or is too late. ' +
      'The step under way is finished first.',
  })
  async cancelPreview(@Root() task: TaskType, @Ctx() context: RequestContext): Promise<TaskUndoType[]> {
    const steps = await this.steps(task, context);
    return this.tasks.cancelPreview(task, steps);
  }
}
