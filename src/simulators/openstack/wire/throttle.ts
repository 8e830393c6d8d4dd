import type { RateLimit } from '../options';

/** A bucket that fills evenly; each request takes one token out of it. */
export class Throttle {
  private tokens: number;
  private filledAt: number;

  constructor(
    private readonly limit: RateLimit,
    private readonly now: () => number,
  ) {
    this.tokens = limit.burst;
    this.filledAt = now();
  }

  /** Null: it may pass. Otherwise the milliseconds until a token will be there. */
  take(): number | null {
    const now = this.now();
    const { burst, perSecond } = this.limit;
    this.tokens = Math.min(burst, this.tokens + ((now - this.filledAt) / 1_000) * perSecond);
    this.filledAt = now;
    if (this.tokens < 1) return ((1 - this.tokens) / perSecond) * 1_000;
    this.tokens -= 1;
    return null;
  }
}
