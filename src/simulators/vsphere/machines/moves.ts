import type { Machine, OwnedFile } from '../model/machine';
import { invalidPowerState } from '../model/names';
import type { Datastore } from '../model/records';
import type { World } from '../model/world';
import { invalidArgument, requireBoolean, requireChild } from '../service/arguments';
import type { Method, MethodCall } from '../service/method';
import { refOf, textOf } from '../vim/element';
import type { MoRef } from '../vim/values';
import { requireRoom, requireSpace } from './capacity';
import type { MachineContext } from './context';
import { promotedFiles } from './disk-chains';
import { freeDirectory, hostFor, requireReachable } from './placement';
import { markChanged } from './reconfigure';

/** Relocation and migration: another host, another pool, another datastore. */
export function moveMethods(context: MachineContext): Record<string, Method> {
  return {
    RelocateVM_Task: (call) => {
      const spec = requireChild(call.request, 'spec');
      const targets = {
        pool: refOf(spec, 'pool'),
        host: refOf(spec, 'host'),
        datastore: refOf(spec, 'datastore'),
      };
      return move(context, call, 'RelocateVM_Task', 'VirtualMachine.relocate', targets);
    },
    MigrateVM_Task: (call) => {
      const { request } = call;
      const wanted = textOf(request, 'state')?.trim();
      const machine = context.world.named('MACHINE', call.self, '_this');
      if (wanted !== undefined && wanted !== machine.powerState)
        throw invalidPowerState(wanted, machine.powerState);
      const targets = { pool: refOf(request, 'pool'), host: refOf(request, 'host'), datastore: null };
      return move(context, call, 'MigrateVM_Task', 'VirtualMachine.migrate', targets);
    },
    PromoteDisks_Task: (call) => promote(context, call),
  };
}

interface Targets {
  readonly pool: MoRef | null;
  readonly host: MoRef | null;
  readonly datastore: MoRef | null;
}

function move(
  context: MachineContext,
  { self }: MethodCall,
  name: string,
  descriptionId: string,
  targets: Targets,
): MoRef {
  const { world } = context;
  const machine = world.named('MACHINE', self, '_this');
  const poolRef = targets.pool ?? (machine.pool === null ? null : world.ref(machine.pool));
  const pool = poolRef && world.named('POOL', poolRef, 'spec.pool');
  if (!pool && targets.host) throw invalidArgument('spec.pool');
  const own = world.get('HOST', machine.host);
  const stays = pool && own.parent === pool.owner && !targets.host;
  const host = pool && !stays ? hostFor(world, pool, targets.host, 'spec.host') : own;
  const datastore = targets.datastore && world.named('DATASTORE', targets.datastore, 'spec.datastore');
  return context.tasks.start({
    name,
    descriptionId,
    entity: machine,
    weight: datastore ? 4 : 2,
    finish: () => {
      if (datastore) requireReachable(host, datastore);
      if (machine.powerState === 'poweredOn' && host !== own)
        requireRoom(world, { ...machine, host: host.ref.value });
      if (datastore && datastore.ref.value !== machine.datastore) moveFiles(world, machine, datastore);
      machine.pool = pool?.ref.value ?? null;
      machine.host = host.ref.value;
      markChanged(world, machine);
      return undefined;
    },
  });
}

function moveFiles(world: World, machine: Machine, datastore: Datastore): void {
  const bytes = Object.values(machine.files).reduce((sum, file) => sum + file.bytes, 0);
  const directory = freeDirectory(world, datastore, machine.name);
  requireSpace(world, datastore, bytes, directory);
  const moved = (file: string) => (file in machine.files ? directory + file.replace(/^.*\//, '') : file);
  const onto = datastore.ref.value;
  const devices = machine.hardware.devices.map((device) =>
    device.kind === 'DISK'
      ? { ...device, datastore: onto, file: moved(device.file), parents: device.parents.map(moved) }
      : device,
  );
  const files: [string, OwnedFile][] = Object.entries(machine.files).map(([name, file]) => [
    moved(name),
    { ...file, datastore: onto },
  ]);
  machine.hardware = { ...machine.hardware, devices };
  machine.files = Object.fromEntries(files);
  machine.datastore = onto;
  machine.directory = directory;
}

/** A linked clone's disks become its own. */
function promote(context: MachineContext, { self, request }: MethodCall): MoRef {
  const { world } = context;
  const machine = world.named('MACHINE', self, '_this');
  requireBoolean(request, 'unlink');
  return context.tasks.start({
    name: 'PromoteDisks_Task',
    descriptionId: 'VirtualMachine.promoteDisks',
    entity: machine,
    weight: 4,
    finish: () => {
      const { hardware, files, moreBytes } = promotedFiles(machine);
      requireSpace(world, world.get('DATASTORE', machine.datastore), moreBytes, machine.directory);
      machine.hardware = hardware;
      machine.files = files;
      markChanged(world, machine);
      return undefined;
    },
  });
}
