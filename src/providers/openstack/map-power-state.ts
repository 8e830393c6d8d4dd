import type { PowerState } from '../contract';
import type { Server } from './client';

/** Nova's states of a server, of which several fields tell a part each. */
export interface NovaState {
  /** Where its life stands: `active`, `stopped`, `resized` … Lags behind what the guest does by itself. */
  readonly vmState: string;
  /** What Nova is doing with it right now: `powering-off`, `spawning` … Null when it is left alone. */
  readonly task: string | null;
  /** What the hypervisor says: one of `POWER`. */
  readonly power: number;
}

/** Source: nova.compute.power_state. */
export const POWER = { NOSTATE: 0, RUNNING: 1, PAUSED: 3, SHUTDOWN: 4, CRASHED: 6, SUSPENDED: 7 } as const;

/** For clouds whose policy hides the extended status. Source: nova.api.openstack.common, the table of statuses. */
const VM_STATE_OF_STATUS: Readonly<Record<string, string>> = {
  ACTIVE: 'active',
  BUILD: 'building',
  DELETED: 'deleted',
  ERROR: 'error',
  HARD_REBOOT: 'active',
  MIGRATING: 'active',
  PASSWORD: 'active',
  PAUSED: 'paused',
  REBOOT: 'active',
  REBUILD: 'active',
  RESCUE: 'rescued',
  RESIZE: 'active',
  REVERT_RESIZE: 'resized',
  SHELVED: 'shelved',
  SHELVED_OFFLOADED: 'shelved_offloaded',
  SHUTOFF: 'stopped',
  SOFT_DELETED: 'soft-delete',
  SUSPENDED: 'suspended',
  VERIFY_RESIZE: 'resized',
};

/** Statuses that stand for a task, where the task itself is hidden. */
const TASK_OF_STATUS: Readonly<Record<string, string>> = {
  HARD_REBOOT: 'rebooting_hard',
  MIGRATING: 'migrating',
  PASSWORD: 'updating_password',
  REBOOT: 'rebooting',
  REBUILD: 'rebuilding',
  RESIZE: 'resize_prep',
  REVERT_RESIZE: 'resize_reverting',
};

export function stateOf(server: Server): NovaState {
  const { status } = server;
  return {
    vmState: server['OS-EXT-STS:vm_state'] ?? VM_STATE_OF_STATUS[status] ?? 'unknown',
    task: server['OS-EXT-STS:task_state'] ?? TASK_OF_STATUS[status] ?? null,
    power: server['OS-EXT-STS:power_state'] ?? POWER.NOSTATE,
  };
}

/** Nobody's any more: Nova lists such servers for a while. */
export function isGone(server: Server): boolean {
  const { vmState } = stateOf(server);
  return vmState === 'deleted' || vmState === 'soft-delete';
}

/** While it is active or resized, the hypervisor knows better than Nova whether it runs. */
const BY_POWER: Readonly<Record<number, PowerState>> = {
  [POWER.RUNNING]: 'POWERED_ON',
  [POWER.PAUSED]: 'SUSPENDED',
  [POWER.SHUTDOWN]: 'POWERED_OFF',
  [POWER.CRASHED]: 'CRASHED',
  [POWER.SUSPENDED]: 'SUSPENDED',
};

const BY_VM_STATE: Readonly<Record<string, PowerState>> = {
  building: 'UNKNOWN',
  error: 'CRASHED',
  // Its memory stays on the host: as near to suspended as there is.
  paused: 'SUSPENDED',
  rescued: 'POWERED_ON',
  shelved: 'POWERED_OFF',
  shelved_offloaded: 'POWERED_OFF',
  stopped: 'POWERED_OFF',
  suspended: 'SUSPENDED',
};

export function powerStateOf(server: Server): PowerState {
  const { vmState, power } = stateOf(server);
  if (vmState === 'active') return BY_POWER[power] ?? 'POWERED_ON';
  if (vmState === 'resized') return BY_POWER[power] ?? 'POWERED_OFF';
  return BY_VM_STATE[vmState] ?? 'UNKNOWN';
}
