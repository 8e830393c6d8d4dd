import { AppError, toAppError } from '../../kernel';
import { HypervisorFault, translateFault } from './errors';
import { isCreation } from './records';
import type { Change, Fate, OperationRecord, VmRecord } from './records';

/** How many finished operations are remembered for whoever polls them late. */
const REMEMBERED = 10_000;

/** The work that the host has accepted. One operation at a time for each VM. */
export class OperationTable {
  private readonly records = new Map<string, OperationRecord>();
  private readonly running = new Map<string, OperationRecord>();

  constructor(private readonly nextId: () => number) {}

  restore(records: readonly OperationRecord[]): void {
    for (const record of records) {
      this.records.set(record.ref, record);
      if (record.status === 'RUNNING') this.running.set(record.vmExternalId, record);
    }
  }

  all(): OperationRecord[] {
    return [...this.records.values()];
  }

  get(ref: string): OperationRecord | undefined {
    return this.records.get(ref);
  }

  /**
   * The operation that makes the same change already, or null.
   * @throws Busy when another one is under way that this one does not supersede
   */
  joined(vm: VmRecord, change: Change): OperationRecord | null {
    const current = this.running.get(vm.externalId);
    if (!current) return null;
    if (JSON.stringify(current.change) === JSON.stringify(change)) return current;
    if (!supersedes(change, current.change))
      throw new HypervisorFault('Busy', 'The VM is busy with another operation.');
    this.drop(current);
    return null;
  }

  /** The creation of this VM while it is under way. */
  creationOf(vm: VmRecord): OperationRecord | null {
    const current = this.running.get(vm.externalId);
    return current && isCreation(current.change) ? current : null;
  }

  begin(vm: VmRecord, change: Change, fate: Fate, now: number, durationMs: number): OperationRecord {
    const record: OperationRecord = {
      ref: `op-${this.nextId()}`,
      vmExternalId: vm.externalId,
      change,
      startedAt: now,
      finishesAt: now + durationMs,
      fate,
      status: 'RUNNING',
      failure: null,
    };
    this.records.set(record.ref, record);
    this.running.set(vm.externalId, record);
    this.forgetOldest();
    return record;
  }

  due(now: number): OperationRecord[] {
    return [...this.running.values()].filter((record) => record.finishesAt <= now);
  }

  nextDueAt(): number {
    return Math.min(...[...this.running.values()].map((record) => record.finishesAt), Infinity);
  }

  finish(record: OperationRecord): void {
    record.status = 'DONE';
    this.running.delete(record.vmExternalId);
  }

  fail(record: OperationRecord, error: unknown): void {
    const { code, message } = toAppError(translateFault(error));
    record.status = 'FAILED';
    record.failure = { code, message };
    this.running.delete(record.vmExternalId);
  }

  /** As if it had never been: whoever polls it hears LOST. */
  drop(record: OperationRecord): void {
    record.status = 'DROPPED';
    this.records.delete(record.ref);
    this.running.delete(record.vmExternalId);
  }

  private forgetOldest(): void {
    for (const [ref, record] of this.records) {
      if (this.records.size <= REMEMBERED) return;
      if (record.status !== 'RUNNING') this.records.delete(ref);
    }
  }
}

/** A deletion wins over everything, and pulling the plug over waiting for the guest. */
function supersedes(change: Change, current: Change): boolean {
  if (change.kind === 'DELETE') return true;
  return current.kind === 'SHUTDOWN' && change.kind === 'POWER' && change.to === 'POWERED_OFF';
}

/** From which to which percent of the whole mutation this work leads. */
function shareOf({ kind }: Change): readonly [number, number] {
  if (kind === 'CLONE') return [0, 50];
  return kind === 'CUSTOMIZE' ? [50, 100] : [0, 100];
}

/** Of the whole mutation. */
export function percentOf(record: OperationRecord, now: number): number {
  const duration = record.finishesAt - record.startedAt;
  const part = duration === 0 ? 1 : Math.min(1, Math.max(0, (now - record.startedAt) / duration));
  const [from, to] = shareOf(record.change);
  return Math.floor(from + part * (to - from));
}

/** @throws what the operation failed with; UNAVAILABLE when it was dropped */
export function requireDone(record: OperationRecord): void {
  if (record.status === 'DONE') return;
  if (record.failure) throw failureOf(record.failure);
  throw new HypervisorFault('OperationDropped', 'The backend dropped the operation.');
}

export function failureOf(failure: NonNullable<OperationRecord['failure']>): AppError {
  // A guest that did not shut down in all that time will not for being asked again at once.
  if (failure.code === 'DEADLINE_EXCEEDED')
    return new AppError(failure.code, failure.message, { retryable: false });
  return new AppError(failure.code, failure.message);
}
