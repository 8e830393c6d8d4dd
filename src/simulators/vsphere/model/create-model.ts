import { Guests } from '../machines/guests';
import { machineMethods } from '../machines/machine-methods';
import type { ObjectStore } from '../objects/object-store';
import { project } from '../projection/project';
import type { MethodTable } from '../service/method';
import { TaskFates } from '../tasks/task-fates';
import { taskMethods } from '../tasks/task-methods';
import { TaskRunner } from '../tasks/task-runner';
import type { MoRef } from '../vim/values';
import { buildInventory } from './build/build-inventory';
import type { ModelOptions } from './options';
import { Timers } from './timers';
import { World } from './world';

/** A vCenter without its wire: the objects stand in the store, and the methods act on them. */
export interface Model {
  readonly rootFolder: MoRef;
  readonly methods: readonly MethodTable[];
  /** Stops all that is under way and writes the state. Safe to repeat. */
  close(): Promise<void>;
}

export function createModel(store: ObjectStore, options: ModelOptions): Model {
  const world = new World(store, project, options.seed);
  const timers = new Timers();
  const tasks = new TaskRunner(world, timers, new TaskFates(options.taskFaults, world.random), options);
  const guests = new Guests(world, timers, options);
  const context = { world, tasks, guests };
  world.run(() => buildInventory(world, options));
  const [root] = world.ofKind('FOLDER');
  if (!root) throw new Error('The inventory has no root folder.');
  return {
    rootFolder: root.ref,
    methods: [machineMethods(context), taskMethods(world, tasks)].map((table) => inWorld(world, table)),
    close: async () => timers.close(),
  };
}

/** Every call is one change of the world: all of it shows at once, also when it ends with a fault. */
function inWorld(world: World, table: MethodTable): MethodTable {
  const methods = Object.entries(table.methods).map(
    ([name, method]) =>
      [name, (call: Parameters<typeof method>[0]) => world.run(() => method(call))] as const,
  );
  return { ...table, methods: Object.fromEntries(methods) };
}
