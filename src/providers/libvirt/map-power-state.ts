import type { PowerState } from '../contract';

/** `virDomainState`, as numbers because they come from the wire. */
const RUNNING = 1;
const BLOCKED = 2;
const PAUSED = 3;
const SHUTDOWN = 4;
const SHUTOFF = 5;
const CRASHED = 6;

/**
 * Reasons of PAUSED (`virDomainPausedReason`) that a job gives and takes away by itself: migration, save,
 * dump, shutting down, snapshot, starting up and post-copy.
 */
const PASSING_PAUSES: ReadonlySet<number> = new Set([2, 3, 4, 8, 9, 11, 12]);
const PAUSED_BY_CRASH = 10;

export interface DomainState {
  readonly state: number;
  readonly reason: number;
}

/**
 * A stopped domain with saved memory is SUSPENDED, and so is one whose CPUs somebody (or a full disk) halted.
 * A domain whose process died is POWERED_OFF like any other that can be started.
 */
export function powerStateOf({ state, reason }: DomainState, hasSavedMemory: boolean): PowerState {
  switch (state) {
    case RUNNING:
    case BLOCKED:
    case SHUTDOWN:
      return 'POWERED_ON';
    case PAUSED:
      if (reason === PAUSED_BY_CRASH) return 'CRASHED';
      return PASSING_PAUSES.has(reason) ? 'POWERED_ON' : 'SUSPENDED';
    case SHUTOFF:
      return hasSavedMemory ? 'SUSPENDED' : 'POWERED_OFF';
    case CRASHED:
      return 'CRASHED';
    default:
      return 'UNKNOWN';
  }
}

/** Whether the domain holds the host's memory. */
export function isActive({ state }: DomainState): boolean {
  return state !== SHUTOFF && state !== CRASHED;
}

/** Whether its CPUs stand still while its memory is in place. */
export function isPaused({ state }: DomainState): boolean {
  return state === PAUSED;
}
