import { requireFreeName, siblingsOf } from '../model/folders';
import type { Machine } from '../model/machine';
import { notSupported, storedName } from '../model/names';
import type { World } from '../model/world';
import { changeVersion } from '../projection/machine-config';
import { requireChild } from '../service/arguments';
import type { MethodCall } from '../service/method';
import { VimFault } from '../vim/fault';
import type { MoRef } from '../vim/values';
import { applySpec } from './apply-spec';
import { requireRoom } from './capacity';
import { readConfigSpec } from './config-spec';
import type { ConfigSpec } from './config-spec';
import type { MachineContext } from './context';

export function reconfigure(context: MachineContext, { self, request }: MethodCall): MoRef {
  const machine = context.world.named('MACHINE', self, '_this');
  const spec = readConfigSpec(requireChild(request, 'spec'));
  const name = spec.name === null ? null : storedName(spec.name, machine.ref);
  return context.tasks.start({
    name: 'ReconfigVM_Task',
    descriptionId: 'VirtualMachine.reconfigure',
    entity: machine,
    finish: () => {
      apply(context, machine, spec, name);
      return undefined;
    },
  });
}

function apply({ world }: MachineContext, machine: Machine, spec: ConfigSpec, name: string | null): void {
  requireChangeable(machine, spec);
  if (name !== null) requireFreeName(world, siblingsOf(world, machine), name, machine);
  const { hardware, files } = applySpec(world, machine, machine, spec);
  const moreMib = hardware.memoryMib - machine.hardware.memoryMib;
  if (machine.powerState === 'poweredOn' && moreMib > 0)
    machine.host = requireRoom(world, { ...machine, hardware: { ...hardware, memoryMib: moreMib } });
  machine.hardware = hardware;
  machine.files = files;
  machine.name = name ?? machine.name;
  machine.uuid = spec.uuid ?? machine.uuid;
  machine.instanceUuid = spec.instanceUuid ?? machine.instanceUuid;
  markChanged(world, machine);
}

function requireChangeable(machine: Machine, spec: ConfigSpec): void {
  if (spec.changeVersion !== null && spec.changeVersion !== changeVersion(machine))
    throw new VimFault('ConcurrentAccess', {}, 'The object has been changed by somebody else.');
  const hardware = spec.deviceChanges.length > 0 || spec.cpuCount !== null || spec.memoryMib !== null;
  if (machine.template && hardware) throw notSupported('a template keeps its hardware');
}

/** Every change of the configuration has its own change version. */
export function markChanged(world: World, machine: Machine): void {
  machine.modifiedMs = world.now();
  machine.changeNumber++;
  world.touch(machine);
}
