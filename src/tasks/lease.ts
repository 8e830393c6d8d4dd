import { performance } from 'node:perf_hooks';
import { isProtected } from '../kernel';
import { LeaseLostError } from './lease-lost-error';
import type { Hold, TaskLeaseStore } from './task-lease.store';

export interface LeaseOptions {
  readonly leaseMs: number;
  readonly heartbeatMs: number;
  /** Told right before and right after each heartbeat is written. */
  readonly onBeat?: (point: 'beating' | 'beaten') => void;
}

/**
 * Keeps one hold alive while its task runs. Beside the database's word it keeps a local, monotonic account that errs
 * on the early side: a process that was frozen learns from it, without asking, that its time is over.
 */
export class Lease {
  private goodUntil: number;
  private timer: NodeJS.Timeout | null = null;
  private beating = false;

  /** @param takenAt `performance.now()` from before the claim was sent */
  constructor(
    readonly hold: Hold,
    private readonly store: TaskLeaseStore,
    private readonly options: LeaseOptions,
    takenAt: number,
    private readonly onLost: (error: LeaseLostError) => void,
  ) {
    this.goodUntil = takenAt + options.leaseMs;
  }

  start(): void {
    this.timer = setInterval(() => void this.beat(), this.options.heartbeatMs);
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
  }

  /** To be asked right before every side effect. @throws LeaseLostError */
  assertHeld(): void {
    if (!isProtected('leaseCheck')) return;
    if (performance.now() >= this.goodUntil) throw new LeaseLostError(this.hold.taskId);
  }

  /** Lets go of a task that its run will not leave by itself; nothing that it still does counts. */
  abandon(): void {
    this.stop();
    this.goodUntil = 0;
  }

  private async beat(): Promise<void> {
    if (this.beating) {
      // A database that does not even refuse is away too.
      if (performance.now() >= this.goodUntil) this.lost(new LeaseLostError(this.hold.taskId));
      return;
    }
    this.beating = true;
    const sentAt = performance.now();
    try {
      this.options.onBeat?.('beating');
      await this.store.heartbeat(this.hold, this.options.leaseMs);
      this.options.onBeat?.('beaten');
      if (this.timer) this.goodUntil = sentAt + this.options.leaseMs;
    } catch (error) {
      // An unreachable database is no verdict yet: the local account decides when it has lasted too long.
      if (error instanceof LeaseLostError) this.lost(error);
      else if (performance.now() >= this.goodUntil) this.lost(new LeaseLostError(this.hold.taskId));
    } finally {
      this.beating = false;
    }
  }

  private lost(error: LeaseLostError): void {
    this.goodUntil = 0;
    if (!this.timer) return;
    this.stop();
    this.onLost(error);
  }
}
