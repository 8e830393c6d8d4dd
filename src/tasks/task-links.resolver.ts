import { Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { Node, NodeRegistry } from '../graphql';
import type { RequestContext } from '../graphql';
import { MOST_QUEUED, openTasksLoader, queueLoader, retryLoader, taskLoader } from './task.loader';
import { TaskService } from './task.service';
import { TaskType, toTaskType } from './task.type';

/** From a task to its object, to the tasks that it waits for, and to those that it repeats or is repeated by. */
@Resolver(() => TaskType)
export class TaskLinksResolver {
  constructor(
    private readonly tasks: TaskService,
    private readonly nodes: NodeRegistry,
  ) {}

  @FieldResolver(() => Node, { nullable: true, description: 'The object that it works on.' })
  target(@Root() task: TaskType, @Ctx() context: RequestContext): Promise<Node | null> {
    return this.nodes.find(context, task.targetId);
  }

  @FieldResolver(() => Int, {
    description:
      'How many tasks go before it. While others are open on the same object: how many of those run before it. Then, ' +
      'until a worker takes it up: how many of the tenant’s tasks wait before it for a place on the same backend, 1000 ' +
      'at most; other tenants’ are not counted, because tenants take turns. 0 once it runs or has ended.',
  })
  async queuePosition(@Root() task: TaskType, @Ctx() context: RequestContext): Promise<number> {
    const lane = await openTasksLoader(context, this.tasks.store).load(task.lane);
    const inLane = lane.findIndex((other) => other.id === task.id);
    if (inLane !== 0 || task.status !== 'QUEUED') return Math.max(0, inLane);
    const { tenantId, backendId } = task;
    const queue = await queueLoader(context, this.tasks.store).load({ tenantId, backendId });
    const inQueue = queue.indexOf(task.id);
    // Behind all that were looked at, or taken up since.
    return inQueue < 0 && queue.length === MOST_QUEUED ? MOST_QUEUED : Math.max(0, inQueue);
  }

  @FieldResolver(() => TaskType, {
    nullable: true,
    description:
      'The task on the same object that has to end first; null when there is none, also while it waits for a free place.',
  })
  async waitsFor(@Root() task: TaskType, @Ctx() context: RequestContext): Promise<TaskType | null> {
    const lane = await openTasksLoader(context, this.tasks.store).load(task.lane);
    const index = lane.findIndex((other) => other.id === task.id);
    const before = index > 0 ? lane[index - 1] : undefined;
    return before ? toTaskType(before) : null;
  }

  @FieldResolver(() => TaskType, { nullable: true, description: 'The failed task that it repeats.' })
  async retryOf(@Root() task: TaskType, @Ctx() context: RequestContext): Promise<TaskType | null> {
    // Absent in events of earlier versions.
    if (typeof task.retryOfId !== 'string') return null;
    const failed = await taskLoader(context, this.tasks.store).load(task.retryOfId);
    return failed && toTaskType(failed);
  }

  @FieldResolver(() => TaskType, { nullable: true, description: 'The task by which `retryTask` repeats it.' })
  async retriedBy(@Root() task: TaskType, @Ctx() context: RequestContext): Promise<TaskType | null> {
    if (task.status !== 'FAILED') return null;
    const retry = await retryLoader(context, this.tasks.store).load(task.id);
    return retry && toTaskType(retry);
  }
}
