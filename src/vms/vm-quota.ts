import { amountsOf, larger } from '../allocations';
import type { Amounts, Claimant, ResourceFields } from '../allocations';
import type { VmSize } from '../providers/contract';
import type { Vm } from './vm';

/** The step of CREATE_VM from whose beginning on there may be something. */
export const MAKING_STEP = 'create-vm';

/** Where an input says what it asks of each resource. */
export const VM_FIELDS: ResourceFields = {
  vms: 'input',
  cpuCount: 'input.cpuCount',
  memoryMib: 'input.memoryMib',
  storageGib: 'input.diskGib',
  networks: 'input.networkIds',
};

export function claimantOf({ id, tenantId, backendId }: Vm): Claimant {
  return { objectId: id, tenantId, backendId };
}

/** What a VM of these sizes takes, running or not. */
export function amountsOfVm({ cpuCount, memoryMib, diskGib }: Required<VmSize>): Amounts {
  return amountsOf({ vms: 1, cpuCount, memoryMib, storageGib: diskGib });
}

/**
 * What a resize may come to. It holds what the VM has as well, where that is more: it may fail after the VM was made
 * smaller, and gives it back then.
 */
export function amountsOfResize(vm: Required<VmSize>, size: VmSize): Amounts {
  return larger(amountsOfVm(vm), amountsOfVm({ ...vm, ...size }));
}
