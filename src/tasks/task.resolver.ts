import {
  Arg,
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import { MutationInput, Node, NodeRegistry, PageArgs, requireScope } from '../graphql';
import type { Connection, RequestContext } from '../graphql';
import { TASK_EVENT_STREAMS } from './task-event-streams';
import type { TaskEvent } from './task-event-streams';
import { TaskEventsArgs, TaskEventType, toTaskEventType } from './task-event.type';
import { openTasksLoader, stepLoader, taskLoader } from './task.loader';
import { taskPage } from './task-page';
import { TaskService } from './task.service';
import { TaskConnection, TaskFilter, TaskStepType, TaskType, toStepType, toTaskType } from './task.type';

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

@Resolver(() => TaskType)
export class TaskResolver {
  constructor(
    private readonly tasks: TaskService,
    private readonly nodes: NodeRegistry,
  ) {}

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

  @FieldResolver(() => Node, { nullable: true, description: 'The object that it works on.' })
  target(@Root() task: TaskType, @Ctx() context: RequestContext): Promise<Node | null> {
    return this.nodes.find(context, task.targetId);
  }

  @FieldResolver(() => Int, {
    description: 'How many tasks on the same object run before it; 0 when none does, and once it has ended.',
  })
  async queuePosition(@Root() task: TaskType, @Ctx() context: RequestContext): Promise<number> {
    const lane = await openTasksLoader(context, this.tasks.store).load(task.lane);
    return Math.max(
      0,
      lane.findIndex((other) => other.id === task.id),
    );
  }

  @FieldResolver(() => TaskType, {
    nullable: true,
    description: 'The task on the same object that has to end first; null when there is none.',
  })
  async waitsFor(@Root() task: TaskType, @Ctx() context: RequestContext): Promise<TaskType | null> {
    const lane = await openTasksLoader(context, this.tasks.store).load(task.lane);
    const index = lane.findIndex((other) => other.id === task.id);
    const before = index > 0 ? lane[index - 1] : undefined;
    return before ? toTaskType(before) : null;
  }
}
