import type { PowerState } from '../providers/contract';

/** How far a VM's life is. Every change of it commits together with the task that makes it. */
export const VM_LIFECYCLES = ['PROVISIONING', 'ACTIVE', 'ERROR', 'DELETING', 'DELETED'] as const;
export type VmLifecycle = (typeof VM_LIFECYCLES)[number];

export const VM_STATUSES = [
  'PROVISIONING',
  'RUNNING',
  'STOPPED',
  'SUSPENDED',
  'ERROR',
  'DELETING',
  'DELETED',
  'UNKNOWN',
] as const;
export type VmStatus = (typeof VM_STATUSES)[number];

export interface Label {
  readonly name: string;
  readonly value: string;
}

/** A virtual machine: what the tenant asked for, and what was last observed of it. */
export interface Vm {
  readonly id: string;
  readonly tenantId: string;
  readonly backendId: string;
  readonly templateId: string;
  /** Unique among the tenant's VMs that are not deleted. */
  readonly name: string;
  readonly lifecycle: VmLifecycle;
  readonly powerState: PowerState;
  readonly cpuCount: number;
  readonly memoryMib: number;
  readonly diskGib: number;
  /** The backend's own id for it; null until it is made. */
  readonly externalId: string | null;
  /** The task that makes it; part of its marker on the backend. */
  readonly createTaskId: string | null;
  /** When the backend last told of it, in milliseconds since the epoch like the others. */
  readonly observedAt: number | null;
  readonly createdAt: number;
  readonly deletedAt: number | null;
  /** Grows with each change. */
  readonly revision: number;
}

/** One network card of a VM. */
export interface VmNic {
  readonly vmId: string;
  readonly position: number;
  readonly networkId: string;
  /** Null until the backend told. */
  readonly macAddress: string | null;
  readonly ipAddresses: readonly string[];
}

/** The public status: a pure function of how far the VM's life is and of its observed power state. */
export function vmStatus(vm: Pick<Vm, 'lifecycle' | 'powerState'>): VmStatus {
  if (vm.lifecycle !== 'ACTIVE') return vm.lifecycle;
  switch (vm.powerState) {
    case 'POWERED_ON':
      return 'RUNNING';
    case 'POWERED_OFF':
      return 'STOPPED';
    case 'SUSPENDED':
      return 'SUSPENDED';
    case 'CRASHED':
      return 'ERROR';
    case 'UNKNOWN':
      return 'UNKNOWN';
  }
}

/** A valid DNS label (RFC 1123) made from a VM's name, for the guest's host name. */
export function hostnameOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}
