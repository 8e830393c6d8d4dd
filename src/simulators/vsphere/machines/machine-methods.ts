import type { MethodTable } from '../service/method';
import type { MachineContext } from './context';
import { powerMethods } from './power';

export function machineMethods(context: MachineContext): MethodTable {
  return { type: 'VirtualMachine', methods: { ...powerMethods(context) } };
}
