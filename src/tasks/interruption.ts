/** Why a run ends before its task does. */
export type InterruptionReason = 'LEASE_LOST' | 'SHUTDOWN' | 'DEADLINE';

/** The reason that `StepContext.signal` is aborted with. */
export class Interruption extends Error {
  constructor(
    readonly reason: InterruptionReason,
    cause?: unknown,
  ) {
    super(`The run was interrupted: ${reason}.`, { cause });
    this.name = 'Interruption';
  }
}
