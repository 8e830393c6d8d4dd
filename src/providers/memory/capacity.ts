import type { BackendProbe } from '../contract';
import type { MemoryConfig } from './config';
import { HypervisorFault } from './errors';
import type { VmRecord } from './records';

type Limits = MemoryConfig['capacity'];
type Sizes = Pick<VmRecord, 'cpuCount' | 'memoryMib' | 'diskGib'>;

/** Running VMs take CPUs and memory; every disk takes storage, that of a broken creation too. */
function used(vms: Iterable<VmRecord>): Sizes {
  const total = { cpuCount: 0, memoryMib: 0, diskGib: 0 };
  for (const vm of vms) {
    total.diskGib += vm.diskGib;
    if (vm.powerState !== 'POWERED_ON') continue;
    total.cpuCount += vm.cpuCount;
    total.memoryMib += vm.memoryMib;
  }
  return total;
}

/** @throws NoCapacity unless `wanted` fits beside what `others` use; `running` tells whether it takes CPUs and memory */
export function requireCapacity(
  limits: Limits,
  others: Iterable<VmRecord>,
  wanted: Sizes,
  running: boolean,
): void {
  if (limits.cpuCount === null && limits.memoryMib === null && limits.storageGib === null) return;
  const taken = running ? used(others) : { ...used(others), cpuCount: 0, memoryMib: 0 };
  const missing =
    (exceeds(taken.cpuCount + wanted.cpuCount, limits.cpuCount) && 'CPUs') ||
    (exceeds(taken.memoryMib + wanted.memoryMib, limits.memoryMib) && 'memory') ||
    (exceeds(taken.diskGib + wanted.diskGib, limits.storageGib) && 'storage');
  if (missing) throw new HypervisorFault('NoCapacity', `The backend has not enough ${missing} left.`);
}

function exceeds(amount: number, limit: number | null): boolean {
  return limit !== null && amount > limit;
}

export function probeCapacity(limits: Limits, vms: Iterable<VmRecord>): BackendProbe['capacity'] {
  const taken = used(vms);
  return {
    cpuCount: limits.cpuCount,
    memoryMib: limits.memoryMib,
    freeMemoryMib: limits.memoryMib === null ? null : limits.memoryMib - taken.memoryMib,
    storageGib: limits.storageGib,
    freeStorageGib: limits.storageGib === null ? null : limits.storageGib - taken.diskGib,
  };
}
