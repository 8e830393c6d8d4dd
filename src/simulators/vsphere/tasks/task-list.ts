import { entityBase } from '../model/build/entity-base';
import type { Entity, TaskRecord } from '../model/records';
import type { World } from '../model/world';

/** The task manager names the latest ones only. */
const MOST_RECENT = 200;

/** Makes tasks and forgets them, and keeps every `recentTask` that names them. */
export class TaskList {
  /** @param userName who begins all tasks: there is one who can log in */
  constructor(
    private readonly world: World,
    private readonly userName: string,
  ) {}

  add(name: string, descriptionId: string, entity: Entity, cancelable: boolean): TaskRecord {
    const { world } = this;
    const task = world.add<TaskRecord>({
      kind: 'TASK',
      ...entityBase(world.newRef('Task', 'task'), name, null),
      descriptionId,
      entity: entity.ref.value,
      entityType: entity.ref.$ref,
      entityName: entity.name,
      state: 'queued',
      cancelled: false,
      cancelable,
      progress: 0,
      result: null,
      error: null,
      queuedMs: world.now(),
      startedMs: null,
      completedMs: null,
      userName: this.userName,
      chainId: world.counters.chain++,
      listedOn: [],
    });
    this.listOn(task, entity);
    const manager = world.get('MANAGER', 'TaskManager');
    manager.recentTasks = [...manager.recentTasks, task.ref.value].slice(-MOST_RECENT);
    world.touch(manager);
    return task;
  }

  /** Also names the task on this object, for example on the machine that a clone makes. */
  listOn(task: TaskRecord, entity: Entity): void {
    if (task.listedOn.includes(entity.ref.value)) return;
    task.listedOn.push(entity.ref.value);
    entity.recentTasks = [...entity.recentTasks, task.ref.value];
    this.world.touch(entity);
  }

  forget(task: TaskRecord): void {
    for (const id of [...task.listedOn, 'TaskManager']) {
      const entity = this.world.lookUp(id);
      if (!entity) continue;
      entity.recentTasks = entity.recentTasks.filter((other) => other !== task.ref.value);
      this.world.touch(entity);
    }
    this.world.remove(task);
  }
}
