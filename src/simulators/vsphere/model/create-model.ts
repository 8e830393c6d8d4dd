import { customFieldMethods } from '../inventory/custom-field-methods';
import { entityMethods } from '../inventory/entity-methods';
import { folderMethods } from '../inventory/folder-methods';
import { poolMethods } from '../inventory/pool-methods';
import { searchMethods } from '../inventory/search-methods';
import type { MachineContext } from '../machines/context';
import { Exports } from '../machines/exports';
import { Guests } from '../machines/guests';
import { machineMethods } from '../machines/machine-methods';
import { hostNetworkMethods } from '../networks/host-network-methods';
import { switchMethods } from '../networks/switch-methods';
import type { ObjectStore } from '../objects/object-store';
import { project } from '../projection/project';
import type { Method, MethodTable } from '../service/method';
import { restoreWorld } from '../state/saved-world';
import { readStateFile } from '../state/state-file';
import { StateKeeper } from '../state/state-keeper';
import { TaskFates } from '../tasks/task-fates';
import { taskMethods } from '../tasks/task-methods';
import { TaskRunner } from '../tasks/task-runner';
import type { MoRef } from '../vim/values';
import { moRef } from '../vim/values';
import { buildInventory } from './build/build-inventory';
import { modelControl } from './control';
import type { ModelControl } from './control';
import { removeMachine } from './folders';
import type { ModelOptions } from './options';
import { Timers } from './timers';
import { World } from './world';

/** A vCenter without its wire: the objects stand in the store, and the methods act on them. */
export interface Model {
  /** What ServiceContent names of the model's. */
  readonly refs: Readonly<
    Record<'rootFolder' | 'taskManager' | 'searchIndex' | 'customFieldsManager', MoRef>
  >;
  /** The same as long as the inventory is, also after a restart from the state file. */
  readonly instanceUuid: string;
  readonly methods: readonly MethodTable[];
  readonly control: ModelControl;
  /** Stops all that is under way and writes the state. Safe to repeat. */
  close(): Promise<void>;
}

export interface ModelEnvironment {
  /** Told of the simulator's own mistakes, and when the state cannot be written; that is tried again. */
  readonly onError?: (error: unknown) => void;
  readonly now?: () => number;
  /** Who begins all tasks. */
  readonly userName?: string;
}

/** Fills the store, from the state file where there is one. Throws when that cannot be read. */
export function createModel(
  store: ObjectStore,
  options: ModelOptions,
  environment: ModelEnvironment = {},
): Model {
  const { onError = () => undefined, now = Date.now, userName = 'user' } = environment;
  const world = new World(store, project, options.seed, now);
  const timers = new Timers();
  const fates = new TaskFates(options.taskFaults, world.random);
  const keeper =
    options.stateFile === null ? null : new StateKeeper(world, timers, options.stateFile, onError);
  const whenKept = (then: () => void): void => {
    if (keeper) keeper.whenWritten(then);
    else then();
  };
  const tasks = new TaskRunner(world, timers, fates, options, { userName, whenKept, onError });
  const guests = new Guests(world, timers, options);
  const context = { world, tasks, guests };
  fill(context, options);
  const [root] = world.ofKind('FOLDER');
  if (!root) throw new Error('The inventory has no root folder.');
  return {
    refs: {
      rootFolder: root.ref,
      taskManager: moRef('TaskManager', 'TaskManager'),
      searchIndex: moRef('SearchIndex', 'SearchIndex'),
      customFieldsManager: moRef('CustomFieldsManager', 'CustomFieldsManager'),
    },
    instanceUuid: world.instanceUuid,
    methods: tables(context, new Exports(world, timers)).map((table) => inWorld(world, table)),
    control: modelControl(world, guests, fates),
    close: async () => {
      timers.close();
      await keeper?.close();
    },
  };
}

function fill({ world, tasks, guests }: MachineContext, options: ModelOptions): void {
  const saved = options.stateFile === null ? null : readStateFile(options.stateFile);
  world.run(() => {
    if (!saved) {
      buildInventory(world, options);
      return;
    }
    restoreWorld(world, saved);
    tasks.endInterrupted();
    // Nobody works on what was half made when the process ended.
    for (const machine of [...world.ofKind('MACHINE')])
      if (!machine.ready) removeMachine(world, machine, 'DELETE');
    guests.resume();
  });
}

function tables(context: MachineContext, exports: Exports): readonly MethodTable[] {
  const { world, tasks } = context;
  return [
    ...machineMethods(context),
    { type: 'VirtualMachine', methods: exports.machineMethods() },
    exports.leaseMethods(),
    entityMethods(context),
    folderMethods(context),
    poolMethods(context),
    searchMethods(world),
    customFieldMethods(world),
    ...switchMethods(context),
    hostNetworkMethods(world),
    taskMethods(world, tasks),
  ];
}

/** Every call is one change of the world: all of it shows at once, also when it ends with a fault. */
function inWorld(world: World, table: MethodTable): MethodTable {
  const methods = Object.entries(table.methods).map(([name, method]): [string, Method] => [
    name,
    (call) => world.run(() => method(call)),
  ]);
  return { ...table, methods: Object.fromEntries(methods) };
}
