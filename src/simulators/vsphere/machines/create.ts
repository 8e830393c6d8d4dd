import { putInto, removeMachine, requireFreeName } from '../model/folders';
import type { Machine } from '../model/machine';
import { storedName } from '../model/names';
import { BARE_HARDWARE, newMachine } from '../model/new-machine';
import type { Folder, Pool } from '../model/records';
import { invalidArgument, requireChild, requireRef } from '../service/arguments';
import type { MethodCall } from '../service/method';
import { refOf } from '../vim/element';
import type { MoRef } from '../vim/values';
import { applySpec } from './apply-spec';
import { readConfigSpec } from './config-spec';
import type { ConfigSpec } from './config-spec';
import type { MachineContext } from './context';
import {
  datastoreOfPath,
  freeDirectory,
  hostFor,
  machineFolder,
  requireReachable,
  requireSameSite,
  siteOf,
} from './placement';

/** The name is taken at once; the machine shows its configuration when the task is done. */
export function createMachine(context: MachineContext, { self, request }: MethodCall): MoRef {
  const { world } = context;
  const folder = machineFolder(world, self, '_this');
  const spec = readConfigSpec(requireChild(request, 'config'));
  const pool = world.named('POOL', requireRef(request, 'pool'), 'pool');
  if (spec.name === null) throw invalidArgument('configSpec.name');
  if (spec.vmPathName === null) throw invalidArgument('configSpec.files.vmPathName');
  requireSameSite(world, folder, pool, 'pool');
  const host = refOf(request, 'host');
  let made: Machine | null = null;
  return context.tasks.start({
    name: 'CreateVM_Task',
    descriptionId: 'Folder.createVm',
    entity: folder,
    weight: 2,
    exclusive: [],
    shared: [folder.ref.value],
    begin: () => {
      made = place(context, folder, pool, host, spec);
      return [made];
    },
    finish: () => {
      if (!made) return undefined;
      made.ready = true;
      world.touch(made);
      return made.ref;
    },
    undo: () => {
      if (made) removeMachine(world, made, 'DELETE');
    },
  });
}

function place(
  { world }: MachineContext,
  folder: Folder,
  pool: Pool,
  wantedHost: MoRef | null,
  spec: ConfigSpec,
): Machine {
  const name = storedName(spec.name ?? '');
  requireFreeName(world, folder.children, name);
  const host = hostFor(world, pool, wantedHost, 'host');
  const datastore = datastoreOfPath(world, siteOf(world, folder.ref.value), spec.vmPathName ?? '');
  requireReachable(host, datastore);
  const machine = newMachine(world, {
    name,
    parent: folder.ref.value,
    pool: pool.ref.value,
    host: host.ref.value,
    datastore,
    directory: freeDirectory(world, datastore, name),
  });
  const { hardware, files } = applySpec(world, machine, { hardware: BARE_HARDWARE, files: {} }, spec);
  machine.hardware = hardware;
  machine.files = files;
  machine.uuid = spec.uuid ?? machine.uuid;
  machine.instanceUuid = spec.instanceUuid ?? machine.instanceUuid;
  putInto(world, folder, world.add(machine));
  return machine;
}
