import type { Server, VmState } from '../model/server-record';

/** What each state is called, unless a task says more. */
const STATUS: Readonly<Record<VmState, string>> = {
  building: 'BUILD',
  active: 'ACTIVE',
  stopped: 'SHUTOFF',
  suspended: 'SUSPENDED',
  resized: 'VERIFY_RESIZE',
  error: 'ERROR',
  deleted: 'DELETED',
};

const TASK_STATUS: readonly (readonly [VmState, RegExp, string])[] = [
  ['active', /^reboot(ing|_pending|_started)$/, 'REBOOT'],
  ['active', /^reboot(ing_hard|_pending_hard|_started_hard)$/, 'HARD_REBOOT'],
  ['stopped', /^rebooting_hard$/, 'HARD_REBOOT'],
  ['active', /^resize_(prep|migrating|migrated|finish)$/, 'RESIZE'],
  ['stopped', /^resize_(prep|migrating|migrated|finish)$/, 'RESIZE'],
  ['resized', /^resize_reverting$/, 'REVERT_RESIZE'],
];

/** What clients read as the status: Nova makes it of the state and the task. */
export function statusOf({ vmState, taskState }: Pick<Server, 'vmState' | 'taskState'>): string {
  const task = taskState ?? '';
  const found = TASK_STATUS.find(([state, pattern]) => state === vmState && pattern.test(task));
  return found?.[2] ?? STATUS[vmState];
}

/** For filters: an unknown status is refused. */
export const STATUSES: ReadonlySet<string> = new Set([
  ...Object.values(STATUS),
  ...TASK_STATUS.map(([, , status]) => status),
  'PAUSED',
  'RESCUE',
  'REBUILD',
  'PASSWORD',
  'MIGRATING',
  'SOFT_DELETED',
  'SHELVED',
  'SHELVED_OFFLOADED',
]);
