import { everySnapshot } from '../model/machine';
import type { Machine, Snapshot } from '../model/machine';
import { notSupported } from '../model/names';
import { requireBoolean, requireText } from '../service/arguments';
import type { Method, MethodCall } from '../service/method';
import { textOf } from '../vim/element';
import type { MoRef } from '../vim/values';
import { VimFault } from '../vim/fault';
import { requireRoom } from './capacity';
import type { MachineContext } from './context';
import { branchDisks, dropUnusedFiles, mergeChain } from './disk-chains';
import { markChanged } from './reconfigure';
import { attachSnapshot, detachSnapshot } from './snapshot-tree';

export function snapshotsOfMachine(context: MachineContext): Record<string, Method> {
  const { world } = context;
  const machineOf = ({ self }: MethodCall) => world.named('MACHINE', self, '_this');
  return {
    CreateSnapshot_Task: (call) => createSnapshot(context, machineOf(call), call),
    RevertToCurrentSnapshot_Task: (call) => {
      const machine = machineOf(call);
      const current = machine.currentSnapshot;
      if (current === null) throw new VimFault('NotFound', {}, 'There is no current snapshot.');
      return revert(context, machine, current, 'RevertToCurrentSnapshot_Task');
    },
    RemoveAllSnapshots_Task: (call) => {
      const machine = machineOf(call);
      return context.tasks.start({
        name: 'RemoveAllSnapshots_Task',
        descriptionId: 'VirtualMachine.removeAllSnapshots',
        entity: machine,
        finish: () => {
          for (const snapshot of [...everySnapshot(machine.snapshots)].reverse())
            removeOne(machine, snapshot.ref.value);
          markChanged(world, machine);
          return undefined;
        },
      });
    },
  };
}

export function methodsOfSnapshot(context: MachineContext): Record<string, Method> {
  const { world } = context;
  return {
    RevertToSnapshot_Task: ({ self }) => {
      const { machine, snapshot } = world.snapshot(self);
      return revert(context, machine, snapshot.ref.value, 'RevertToSnapshot_Task');
    },
    RemoveSnapshot_Task: (call) => removeSnapshot(context, call),
    RenameSnapshot: ({ self, request }) => {
      const { machine, snapshot } = world.snapshot(self);
      snapshot.name = textOf(request, 'name') ?? snapshot.name;
      snapshot.description = textOf(request, 'description') ?? snapshot.description;
      world.touch(machine);
      return undefined;
    },
  };
}

function createSnapshot(context: MachineContext, machine: Machine, { request }: MethodCall): MoRef {
  const { world } = context;
  const name = requireText(request, 'name');
  const description = textOf(request, 'description') ?? '';
  const quiesced = requireBoolean(request, 'quiesce');
  const memory = requireBoolean(request, 'memory');
  return context.tasks.start({
    name: 'CreateSnapshot_Task',
    descriptionId: 'VirtualMachine.createSnapshot',
    entity: machine,
    begin: () => {
      if (machine.template) throw notSupported('a template takes no snapshots');
      return [];
    },
    finish: () => {
      const snapshot: Snapshot = {
        ref: world.newRef('VirtualMachineSnapshot', 'snapshot'),
        number: ++machine.snapshotCount,
        name,
        description,
        createdMs: world.now(),
        // Without its memory a running machine is kept as one that lost its power.
        state: machine.powerState === 'poweredOn' && !memory ? 'poweredOff' : machine.powerState,
        quiesced,
        frozen: machine.hardware,
        children: [],
      };
      attachSnapshot(machine, snapshot);
      branchDisks(machine, machine.hardware);
      markChanged(world, machine);
      return snapshot.ref;
    },
  });
}

function revert(context: MachineContext, machine: Machine, id: string, name: string): MoRef {
  const { world, guests } = context;
  return context.tasks.start({
    name,
    descriptionId: `VirtualMachine.${name === 'RevertToSnapshot_Task' ? 'revertToSnapshot' : 'revertToCurrentSnapshot'}`,
    entity: machine,
    finish: () => {
      const { snapshot } = world.snapshot({ $ref: 'VirtualMachineSnapshot', value: id });
      const running = snapshot.state === 'poweredOn';
      if (running && machine.powerState !== 'poweredOn')
        machine.host = requireRoom(world, { ...machine, hardware: snapshot.frozen });
      branchDisks(machine, snapshot.frozen);
      dropUnusedFiles(machine);
      machine.currentSnapshot = id;
      if (running) guests.switchOn(machine);
      else guests.switchOff(machine, true);
      markChanged(world, machine);
      return undefined;
    },
  });
}

function removeSnapshot(context: MachineContext, { self, request }: MethodCall): MoRef {
  const { world } = context;
  const { machine } = world.snapshot(self);
  const withChildren = requireBoolean(request, 'removeChildren');
  return context.tasks.start({
    name: 'RemoveSnapshot_Task',
    descriptionId: 'vm.Snapshot.remove',
    entity: machine,
    finish: () => {
      const { snapshot } = world.snapshot(self);
      const gone = withChildren ? [...everySnapshot([snapshot])].reverse() : [snapshot];
      for (const one of gone) removeOne(machine, one.ref.value);
      markChanged(world, machine);
      return undefined;
    },
  });
}

/** By its id: merging replaces the snapshots' objects. */
function removeOne(machine: Machine, id: string): void {
  for (const snapshot of everySnapshot(machine.snapshots)) {
    if (snapshot.ref.value !== id) continue;
    detachSnapshot(machine, snapshot);
    mergeChain(machine, snapshot);
    return;
  }
}
