import { AppError } from '../../kernel';
import type { PowerState } from '../contract';
import type { Server } from './client';
import { translateServerFault } from './errors';
import { isBeingDeleted } from './map-server';
import { powerStateOf, stateOf } from './map-power-state';

/** What accepted work of a server is to lead to. */
export type Target =
  /** Left alone by Nova, whatever state it is in. */
  | { readonly kind: 'IDLE' }
  /** Built: whatever state it is in afterwards. */
  | { readonly kind: 'BUILT' }
  | { readonly kind: 'POWER'; readonly powerState: PowerState }
  /** Left alone again: the end of a reboot, whose end looks like its beginning. */
  | { readonly kind: 'REBOOTED' }
  /** Waiting for the resize to be confirmed. */
  | { readonly kind: 'RESIZED' }
  /** No longer waiting for that. */
  | { readonly kind: 'RESIZE_SETTLED' };

export type Verdict =
  | { readonly state: 'REACHED' }
  | { readonly state: 'RUNNING'; readonly percent: number | null }
  /** Nova has dropped it: nothing is under way, and the target is not reached. */
  | { readonly state: 'LOST' }
  | { readonly state: 'FAILED'; readonly error: AppError };

/** Times in milliseconds since the epoch, by the gateway's clock. */
export interface Timing {
  readonly acceptedAt: number;
  readonly now: number;
  readonly timeoutMs: number;
}

/** An API that answers "accepted" may show it a moment later: until then, idle does not mean dropped. */
const IDLE_GRACE_MS = 5_000;
/**
 * ERROR is not always the end: a creation that a restarted nova-compute takes up again shows it for a moment; and the
 * fault that tells why may follow it.
 */
const ERROR_GRACE_MS = { explained: 1_000, unexplained: 6_000 } as const;

const RUNNING: Verdict = { state: 'RUNNING', percent: null };

/** How far the work is, by what Nova says of the server now. */
export function verdictOf(target: Target, server: Server, timing: Timing): Verdict {
  const verdict = presentVerdict(target, server, timing);
  if (verdict.state !== 'RUNNING' || timing.now - timing.acceptedAt <= timing.timeoutMs) return verdict;
  return { state: 'FAILED', error: tooLate() };
}

function presentVerdict(target: Target, server: Server, timing: Timing): Verdict {
  // Nova does not let go of what it has begun to delete.
  if (isBeingDeleted(server)) return RUNNING;
  if (isReached(target, server)) return { state: 'REACHED' };
  const { vmState, task } = stateOf(server);
  if (task !== null) return { state: 'RUNNING', percent: percentOf(target, server) };
  if (vmState === 'error') return errorVerdict(server, timing);
  if (vmState === 'building') return { state: 'RUNNING', percent: percentOf(target, server) };
  return timing.now - timing.acceptedAt > IDLE_GRACE_MS ? { state: 'LOST' } : RUNNING;
}

/** Nova does not work on its deletion any more, and there it still is: whoever wants it gone has to ask again. */
export function isDeletionDropped(server: Server, ageMs: number): boolean {
  return stateOf(server).task === null && ageMs > IDLE_GRACE_MS;
}

export function isReached(target: Target, server: Server): boolean {
  const { vmState, task } = stateOf(server);
  if (task !== null) return false;
  if (vmState === 'error') return target.kind === 'IDLE';
  switch (target.kind) {
    case 'IDLE':
    case 'BUILT':
      return vmState !== 'building';
    case 'POWER':
      return vmState !== 'resized' && powerStateOf(server) === target.powerState;
    case 'REBOOTED':
      return vmState === 'active';
    case 'RESIZED':
      return vmState === 'resized';
    case 'RESIZE_SETTLED':
      return vmState !== 'resized';
  }
}

function errorVerdict(server: Server, { acceptedAt, now }: Timing): Verdict {
  const { fault } = server;
  const changedAt = Date.parse(server.updated);
  // The two clocks may differ by any amount: what changed before the work began did not change because of it.
  const since = Math.max(acceptedAt, Number.isNaN(changedAt) ? 0 : Math.min(changedAt, now));
  const graceMs = fault ? ERROR_GRACE_MS.explained : ERROR_GRACE_MS.unexplained;
  if (now - since <= graceMs) return RUNNING;
  return { state: 'FAILED', error: translateServerFault(fault) };
}

/** The stages of a creation as nova-compute goes through them, in percent. Before a host is found there is no task. */
const BUILD_PERCENTS: Readonly<Record<string, number>> = {
  scheduling: 10,
  networking: 30,
  block_device_mapping: 45,
  spawning: 60,
};
const UNSCHEDULED_PERCENT = 5;

function percentOf(target: Target, server: Server): number | null {
  if (target.kind !== 'BUILT') return null;
  return BUILD_PERCENTS[stateOf(server).task ?? ''] ?? UNSCHEDULED_PERCENT;
}

/** Asking again would wait for as long again; what is the matter with the cloud is for its operators to find. */
export function tooLate(): AppError {
  return new AppError('DEADLINE_EXCEEDED', 'OpenStack did not finish the work in time.', {
    retryable: false,
  });
}
