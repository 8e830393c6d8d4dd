import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../kernel';
import { VimFault } from './client';
import type { MoRef, TaskInfo } from './client';
import type { Vcenter } from './vcenter';

const POLL_MS = 20;

export function isOpen({ state }: TaskInfo): boolean {
  return state === 'queued' || state === 'running';
}

/** Why a task failed, as if its method had. */
export function faultOf({ error, descriptionId }: TaskInfo): VimFault {
  return new VimFault(descriptionId, error ?? { fault: { $type: 'unknown' } });
}

/**
 * Waits for the end of a task that takes a moment only.
 * @throws VimFault when it fails, UNAVAILABLE when the server has forgotten it
 */
export async function endTask({ client }: Vcenter, { value }: MoRef, signal: AbortSignal): Promise<void> {
  for (;;) {
    const read = await client.read({ type: 'Task', value }, ['info'], { signal });
    if (read?.info === undefined) throw new AppError('UNAVAILABLE', 'vSphere has lost the task.');
    if (read.info.state === 'error') throw faultOf(read.info);
    if (!isOpen(read.info)) return;
    await sleep(POLL_MS, undefined, { signal });
  }
}
