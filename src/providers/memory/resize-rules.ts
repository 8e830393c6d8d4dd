import type { ResizeSupport, VmSize } from '../contract';
import type { MemoryConfig } from './config';
import { HypervisorFault } from './errors';
import type { VmRecord } from './records';

type Sizes = Pick<VmRecord, 'cpuCount' | 'memoryMib' | 'diskGib'>;

export function sizeAfter(vm: VmRecord, size: VmSize): Sizes {
  return {
    cpuCount: size.cpuCount ?? vm.cpuCount,
    memoryMib: size.memoryMib ?? vm.memoryMib,
    diskGib: size.diskGib ?? vm.diskGib,
  };
}

export function sizeIsReached(vm: VmRecord, wanted: Sizes): boolean {
  return (
    vm.cpuCount === wanted.cpuCount && vm.memoryMib === wanted.memoryMib && vm.diskGib === wanted.diskGib
  );
}

/**
 * All parts are checked before any is applied.
 * @throws DiskTooSmall for a smaller disk, WrongState when the VM has to be stopped first
 */
export function requireResizable(vm: VmRecord, wanted: Sizes, support: MemoryConfig['capabilities']): void {
  if (wanted.diskGib < vm.diskGib) throw new HypervisorFault('DiskTooSmall', 'A disk cannot shrink.');
  if (wanted.cpuCount !== vm.cpuCount) requireStopped(vm, support.resizeCpu);
  if (wanted.memoryMib !== vm.memoryMib) requireStopped(vm, support.resizeMemory);
  if (wanted.diskGib !== vm.diskGib) requireStopped(vm, support.resizeDisk);
}

function requireStopped(vm: VmRecord, support: ResizeSupport): void {
  if (support === 'ANY_STATE' || vm.powerState === 'POWERED_OFF' || vm.powerState === 'CRASHED') return;
  throw new HypervisorFault('WrongState', 'The VM has to be stopped first.');
}
