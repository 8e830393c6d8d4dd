import type { MethodTable } from '../service/method';
import { cloneMachine } from './clone';
import type { MachineContext } from './context';
import { lifecycleMethods } from './lifecycle';
import { moveMethods } from './moves';
import { powerMethods } from './power';
import { reconfigure } from './reconfigure';
import { methodsOfSnapshot, snapshotsOfMachine } from './snapshots';
import { ticketMethods } from './tickets';

export function machineMethods(context: MachineContext): readonly MethodTable[] {
  return [
    {
      type: 'VirtualMachine',
      methods: {
        ...powerMethods(context),
        ...lifecycleMethods(context),
        ...snapshotsOfMachine(context),
        ...moveMethods(context),
        ...ticketMethods(context),
        ReconfigVM_Task: (call) => reconfigure(context, call),
        CloneVM_Task: (call) => cloneMachine(context, call),
      },
    },
    { type: 'VirtualMachineSnapshot', methods: methodsOfSnapshot(context) },
  ];
}
