import { putInto, removeMachine, requireFreeName } from '../model/folders';
import { EMPTY_DELTA_BYTES } from '../model/machine';
import type { Device, Disk, Machine, OwnedFile } from '../model/machine';
import { storedName } from '../model/names';
import { newMachine, nextMac } from '../model/new-machine';
import type { World } from '../model/world';
import type { MethodCall } from '../service/method';
import type { MoRef } from '../vim/values';
import { applySpec } from './apply-spec';
import type { AppliedSpec } from './apply-spec';
import { requireSpace } from './capacity';
import { readClone } from './clone-spec';
import type { ClonePlan } from './clone-spec';
import type { MachineContext } from './context';
import { freeDirectory } from './placement';
import { powerOn } from './power';

/** A copy of disks takes longer than a switch of the power. */
const FULL_WEIGHT = 4;
const LINKED_WEIGHT = 2;

/**
 * The name and the room are taken at once, and the clone's object is there at once, without its configuration.
 * Cancelled or failed, it is removed again. Switching it on is a task of its own, as in vCenter.
 */
export function cloneMachine(context: MachineContext, call: MethodCall): MoRef {
  const { world } = context;
  const plan = readClone(world, call);
  let made: Machine | null = null;
  return context.tasks.start({
    name: 'CloneVM_Task',
    descriptionId: 'VirtualMachine.clone',
    entity: plan.source,
    weight: plan.linked ? LINKED_WEIGHT : FULL_WEIGHT,
    cancelable: true,
    exclusive: [],
    shared: [plan.source.ref.value],
    begin: () => {
      made = beginClone(world, plan);
      return [made];
    },
    finish: () => {
      if (!made) return undefined;
      made.ready = true;
      made.template = plan.template;
      if (plan.template) made.pool = null;
      world.touch(made);
      if (plan.powerOn) powerOn(context, made);
      return made.ref;
    },
    undo: () => {
      if (made) removeMachine(world, made, 'DELETE');
    },
  });
}

function beginClone(world: World, plan: ClonePlan): Machine {
  const { folder, datastore, host, pool } = plan;
  const name = storedName(plan.name);
  requireFreeName(world, folder.children, name);
  const machine = newMachine(world, {
    name,
    parent: folder.ref.value,
    pool: pool?.ref.value ?? null,
    host: host.ref.value,
    datastore,
    directory: freeDirectory(world, datastore, name),
  });
  let applied = copyOf(world, plan, machine);
  const taken = Object.values(applied.files).reduce((sum, file) => sum + file.bytes, 0);
  requireSpace(world, datastore, taken, machine.directory);
  machine.files = {};
  for (const spec of plan.specs) {
    applied = applySpec(world, machine, applied, spec);
    machine.uuid = spec.uuid ?? machine.uuid;
    machine.instanceUuid = spec.instanceUuid ?? machine.instanceUuid;
  }
  machine.hardware = applied.hardware;
  machine.files = applied.files;
  putInto(world, folder, world.add(machine));
  return machine;
}

/** The source's hardware on disks and addresses of its own. */
function copyOf(world: World, { hardware, linked }: ClonePlan, machine: Machine): AppliedSpec {
  const files: Record<string, OwnedFile> = {};
  let number = 0;
  const devices = hardware.devices.map((device): Device => {
    if (device.kind === 'CARD' && device.addressType !== 'manual')
      return { ...device, macAddress: nextMac(world) };
    if (device.kind !== 'DISK') return device;
    const disk = copyDisk(world, machine, device, linked, number++);
    files[disk.file] = {
      datastore: disk.datastore,
      bytes: linked ? EMPTY_DELTA_BYTES : disk.capacityBytes,
    };
    return disk;
  });
  return { hardware: { ...hardware, devices }, files };
}

function copyDisk(world: World, machine: Machine, disk: Disk, linked: boolean, number: number): Disk {
  const base = machine.directory.replace(/^.*\] /, '').replace(/\/$/, '');
  return {
    ...disk,
    datastore: machine.datastore,
    file: `${machine.directory}${base}${number === 0 ? '' : `_${number}`}.vmdk`,
    parents: linked ? [disk.file, ...disk.parents] : [],
    uuid: world.random.uuid(),
  };
}
