import type { Machine, PowerState } from '../model/machine';
import { invalidPowerState, notSupported } from '../model/names';
import type { MethodCall } from '../service/method';
import type { Method } from '../service/method';
import type { MoRef } from '../vim/values';
import { VimFault } from '../vim/fault';
import { requireRoom } from './capacity';
import type { MachineContext } from './context';

interface PowerVerb {
  readonly name: string;
  readonly descriptionId: string;
  readonly from: readonly PowerState[];
  readonly requested: PowerState;
  readonly apply: (context: MachineContext, machine: Machine) => void;
  readonly check?: (context: MachineContext, machine: Machine) => void;
}

const POWER_ON: PowerVerb = {
  name: 'PowerOnVM_Task',
  descriptionId: 'VirtualMachine.powerOn',
  from: ['poweredOff', 'suspended'],
  requested: 'poweredOn',
  check: (context, machine) => {
    requireRoom(context.world, machine);
  },
  apply: ({ world, guests }, machine) => {
    machine.host = requireRoom(world, machine);
    dropSuspendFile(machine);
    guests.switchOn(machine);
  },
};

const POWER_OFF: PowerVerb = {
  name: 'PowerOffVM_Task',
  descriptionId: 'VirtualMachine.powerOff',
  from: ['poweredOn', 'suspended'],
  requested: 'poweredOff',
  apply: ({ guests }, machine) => {
    dropSuspendFile(machine);
    guests.switchOff(machine, false);
  },
};

const RESET: PowerVerb = {
  name: 'ResetVM_Task',
  descriptionId: 'VirtualMachine.reset',
  from: ['poweredOn'],
  requested: 'poweredOn',
  apply: ({ guests }, machine) => guests.restart(machine),
};

const SUSPEND: PowerVerb = {
  name: 'SuspendVM_Task',
  descriptionId: 'VirtualMachine.suspend',
  from: ['poweredOn'],
  requested: 'suspended',
  apply: ({ guests }, machine) => {
    const bytes = machine.hardware.memoryMib * 1024 ** 2;
    machine.files = { ...machine.files, [suspendFile(machine)]: { datastore: machine.datastore, bytes } };
    guests.suspend(machine);
  },
};

function suspendFile(machine: Machine): string {
  return `${machine.directory}suspended.vmss`;
}

function dropSuspendFile(machine: Machine): void {
  const { [suspendFile(machine)]: _dropped, ...kept } = machine.files;
  machine.files = kept;
}

export function powerOn(context: MachineContext, machine: Machine): MoRef {
  return start(context, machine, POWER_ON);
}

function start(context: MachineContext, machine: Machine, verb: PowerVerb): MoRef {
  const check = () => {
    if (machine.template) throw notSupported('a template has no power');
    if (!verb.from.includes(machine.powerState)) throw invalidPowerState(verb.requested, machine.powerState);
    verb.check?.(context, machine);
  };
  return context.tasks.start({
    name: verb.name,
    descriptionId: verb.descriptionId,
    entity: machine,
    begin: () => {
      check();
      return [];
    },
    finish: () => {
      check();
      verb.apply(context, machine);
      return undefined;
    },
  });
}

export function powerMethods(context: MachineContext): Record<string, Method> {
  const verb = (one: PowerVerb): Method => {
    return ({ self }) => start(context, context.world.named('MACHINE', self, '_this'), one);
  };
  return {
    PowerOnVM_Task: verb(POWER_ON),
    PowerOffVM_Task: verb(POWER_OFF),
    ResetVM_Task: verb(RESET),
    SuspendVM_Task: verb(SUSPEND),
    ShutdownGuest: guestVerb(context, (machine) => context.guests.shutDown(machine)),
    RebootGuest: guestVerb(context, (machine) => context.guests.reboot(machine)),
    StandbyGuest: guestVerb(context, (machine) => SUSPEND.apply(context, machine)),
  };
}

/** The guest's verbs are no tasks: they answer at once, and the guest does it when it does. */
function guestVerb(context: MachineContext, apply: (machine: Machine) => void): Method {
  return (call) => {
    apply(withTools(context, call));
    return undefined;
  };
}

function withTools({ world }: MachineContext, { self }: MethodCall): Machine {
  const machine = world.named('MACHINE', self, '_this');
  if (machine.template) throw notSupported('a template has no guest');
  if (machine.powerState !== 'poweredOn') throw invalidPowerState('poweredOn', machine.powerState);
  if (!machine.toolsRunning)
    throw new VimFault(
      'ToolsUnavailable',
      {},
      'Cannot complete operation because VMware Tools is not running in this virtual machine.',
    );
  return machine;
}
