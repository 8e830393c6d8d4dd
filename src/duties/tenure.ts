import { performance } from 'node:perf_hooks';
import { AppError } from '../kernel';

/**
 * The time for which a process has a duty, by a local, monotonic account that errs on the early side: it is over
 * before the database lets anybody else have the duty, and no answer of a database that is away is needed to know.
 */
export class Tenure {
  private readonly end = new AbortController();
  private goodUntil = 0;
  private timer: NodeJS.Timeout | null = null;
  private lost = false;
  private closed = false;

  /** @param takenAt `performance.now()` from before the duty was asked for */
  constructor(
    private readonly leaseMs: number,
    takenAt: number,
  ) {
    this.prolong(takenAt);
  }

  /** Aborted when the duty is lost and when it has to be handed over: whoever does the work stops then. */
  get signal(): AbortSignal {
    return this.end.signal;
  }

  /** Whether somebody else may have the duty by now. */
  get isLost(): boolean {
    return this.lost || performance.now() >= this.goodUntil;
  }

  /** @param askedAt `performance.now()` from before the database was asked */
  prolong(askedAt: number): void {
    // The answer to a heartbeat may come when the work is over: a timer now would keep the process alive for a lease.
    if (this.closed) return;
    this.goodUntil = askedAt + this.leaseMs;
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => this.lose(), Math.max(0, this.goodUntil - performance.now()));
  }

  /** Nothing that is done from now on is covered. */
  lose(): void {
    this.lost = true;
    this.stop();
    this.end.abort(new AppError('UNAVAILABLE', 'The duty is another process’s now.'));
  }

  /** Asks for the work to end while the duty is still held, so that it can be handed over. */
  interrupt(): void {
    this.end.abort(new AppError('CANCELLED', 'The process stops.'));
  }

  /** The account is closed. */
  stop(): void {
    this.closed = true;
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  /** For right before a side effect: a process that was frozen learns here that its time is over. @throws UNAVAILABLE */
  assertHeld(): void {
    if (this.isLost) this.lose();
    this.signal.throwIfAborted();
  }
}
