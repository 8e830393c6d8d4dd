import type { Capabilities } from '../providers/contract';
import { vmStatus } from './vm';
import type { Vm, VmStatus } from './vm';

export const VM_ACTIONS = ['START', 'STOP', 'REBOOT', 'SUSPEND', 'RESUME', 'RESIZE', 'DELETE'] as const;
export type VmActionName = (typeof VM_ACTIONS)[number];

/** Why an action is not allowed; null when it is. */
export interface ActionVerdict {
  readonly code: 'UNSUPPORTED' | 'FAILED_PRECONDITION';
  readonly reason: string;
}

const ALLOWED_IN: Readonly<Record<VmActionName, readonly VmStatus[]>> = {
  START: ['STOPPED', 'SUSPENDED', 'RUNNING', 'UNKNOWN', 'ERROR'],
  STOP: ['RUNNING', 'SUSPENDED', 'STOPPED', 'UNKNOWN', 'ERROR'],
  REBOOT: ['RUNNING', 'UNKNOWN'],
  SUSPEND: ['RUNNING', 'SUSPENDED', 'UNKNOWN'],
  RESUME: ['SUSPENDED', 'RUNNING', 'UNKNOWN'],
  RESIZE: ['RUNNING', 'STOPPED'],
  DELETE: ['PROVISIONING', 'RUNNING', 'STOPPED', 'SUSPENDED', 'ERROR', 'UNKNOWN', 'DELETING'],
};

function supported(action: VmActionName, capabilities: Capabilities['vm']): boolean {
  switch (action) {
    case 'REBOOT':
      return capabilities.reboot;
    case 'SUSPEND':
    case 'RESUME':
      return capabilities.suspend;
    case 'RESIZE':
      return Object.values(capabilities.resize).some((support) => support !== 'NEVER');
    case 'START':
    case 'STOP':
    case 'DELETE':
      return true;
  }
}

/** States in which an action is allowed, because repeating it is harmless, but would change nothing. */
const POINTLESS_IN: Readonly<Partial<Record<VmActionName, readonly VmStatus[]>>> = {
  START: ['RUNNING'],
  STOP: ['STOPPED'],
  SUSPEND: ['SUSPENDED'],
  RESUME: ['RUNNING'],
  DELETE: ['DELETING'],
};

/** Like `judgeAction`, for offering actions to a person: what would change nothing is not offered either. */
export function judgeOffer(
  action: VmActionName,
  vm: Vm,
  capabilities: Capabilities | null,
): ActionVerdict | null {
  const status = vmStatus(vm);
  const pointless = POINTLESS_IN[action]?.includes(status) === true;
  const verdict = judgeAction(action, vm, capabilities);
  return pointless ? (verdict ?? { code: 'FAILED_PRECONDITION', reason: `The VM is ${status}.` }) : verdict;
}

/**
 * Whether an action makes sense for a VM in the state that it is in now.
 * @param capabilities of its backend; null when that is retired
 */
export function judgeAction(
  action: VmActionName,
  vm: Vm,
  capabilities: Capabilities | null,
): ActionVerdict | null {
  if (!capabilities) return { code: 'FAILED_PRECONDITION', reason: 'The backend is no longer configured.' };
  if (!supported(action, capabilities.vm)) {
    return { code: 'UNSUPPORTED', reason: 'The backend cannot do this.' };
  }
  const status = vmStatus(vm);
  // What never came to be on its backend can only be deleted.
  const exists = vm.lifecycle === 'ACTIVE' || action === 'DELETE';
  if (exists && ALLOWED_IN[action].includes(status)) return null;
  return { code: 'FAILED_PRECONDITION', reason: `The VM is ${status}.` };
}
