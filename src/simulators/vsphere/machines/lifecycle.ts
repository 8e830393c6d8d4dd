import { removeMachine, requireFreeName, siblingsOf } from '../model/folders';
import type { Machine } from '../model/machine';
import { invalidPowerState, notSupported } from '../model/names';
import { requireRef } from '../service/arguments';
import type { Method, MethodCall } from '../service/method';
import { refOf } from '../vim/element';
import type { MoRef } from '../vim/values';
import type { MachineContext } from './context';
import { hostFor } from './placement';
import { markChanged } from './reconfigure';

export function lifecycleMethods(context: MachineContext): Record<string, Method> {
  const { world } = context;
  const machineOf = ({ self }: MethodCall) => world.named('MACHINE', self, '_this');
  return {
    Destroy_Task: (call) => destroy(context, machineOf(call)),
    UnregisterVM: (call) => {
      const machine = machineOf(call);
      requireOff(machine);
      removeMachine(world, machine, 'KEEP');
      return undefined;
    },
    MarkAsTemplate: (call) => {
      const machine = machineOf(call);
      requireOff(machine);
      if (machine.template) throw notSupported('it is a template already');
      machine.template = true;
      machine.pool = null;
      markChanged(world, machine);
      return undefined;
    },
    MarkAsVirtualMachine: (call) => {
      const machine = machineOf(call);
      const pool = world.named('POOL', requireRef(call.request, 'pool'), 'pool');
      if (!machine.template) throw notSupported('it is no template');
      const host = hostFor(world, pool, refOf(call.request, 'host'), 'host');
      requireFreeName(world, siblingsOf(world, machine), machine.name, machine);
      machine.template = false;
      machine.pool = pool.ref.value;
      machine.host = host.ref.value;
      markChanged(world, machine);
      return undefined;
    },
  };
}

function destroy(context: MachineContext, machine: Machine): MoRef {
  return context.tasks.start({
    name: 'Destroy_Task',
    descriptionId: 'VirtualMachine.destroy',
    entity: machine,
    begin: () => {
      requireOff(machine);
      return [];
    },
    finish: () => {
      requireOff(machine);
      removeMachine(context.world, machine, 'DELETE');
      return undefined;
    },
  });
}

export function requireOff(machine: Machine): void {
  if (machine.powerState === 'poweredOn') throw invalidPowerState('poweredOff', machine.powerState);
}
