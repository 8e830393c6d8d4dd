import type { WorkKind } from '../../model/server-record';

export interface Stage {
  readonly taskState: string | null;
  /** Of the time that a creation takes. */
  readonly share: number;
  /** What the hypervisor does in it: the metadata `x-delay` says how long, and `x-fail` that it fails. */
  readonly driver?: string;
}

/** What a server goes through, as its task's states tell. */
export const STAGES: Readonly<Record<WorkKind, readonly Stage[]>> = {
  CREATE: [
    { taskState: 'scheduling', share: 0.1 },
    { taskState: 'networking', share: 0.2 },
    { taskState: 'block_device_mapping', share: 0.1 },
    { taskState: 'spawning', share: 0.6, driver: 'spawn' },
  ],
  DELETE: [{ taskState: 'deleting', share: 0.25, driver: 'destroy' }],
  START: [{ taskState: 'powering-on', share: 0.25, driver: 'power_on' }],
  STOP: [{ taskState: 'powering-off', share: 0.25, driver: 'power_off' }],
  SOFT_REBOOT: [
    { taskState: 'rebooting', share: 0.05 },
    { taskState: 'reboot_pending', share: 0.05 },
    { taskState: 'reboot_started', share: 0.2, driver: 'reboot' },
  ],
  HARD_REBOOT: [
    { taskState: 'rebooting_hard', share: 0.05 },
    { taskState: 'reboot_started_hard', share: 0.2, driver: 'reboot' },
  ],
  SUSPEND: [{ taskState: 'suspending', share: 0.25, driver: 'suspend' }],
  RESUME: [{ taskState: 'resuming', share: 0.25, driver: 'resume' }],
  RESIZE: [
    { taskState: 'resize_prep', share: 0.1 },
    { taskState: 'resize_migrating', share: 0.3, driver: 'migrate_disk_and_power_off' },
    { taskState: 'resize_migrated', share: 0.05 },
    { taskState: 'resize_finish', share: 0.15, driver: 'finish_migration' },
  ],
  CONFIRM_RESIZE: [{ taskState: null, share: 0.1 }],
  REVERT_RESIZE: [{ taskState: 'resize_reverting', share: 0.25 }],
  SNAPSHOT: [
    { taskState: 'image_snapshot', share: 0.05 },
    { taskState: 'image_pending_upload', share: 0.1, driver: 'snapshot' },
    { taskState: 'image_uploading', share: 0.35 },
  ],
};

/** What may be accepted and then come to nothing. */
export const MAY_VANISH: ReadonlySet<WorkKind> = new Set([
  'START',
  'STOP',
  'SOFT_REBOOT',
  'HARD_REBOOT',
  'SUSPEND',
  'RESUME',
]);
