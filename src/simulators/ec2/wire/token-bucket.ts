export interface RateLimit {
  /** How many requests at once. */
  readonly burst: number;
  readonly perSecond: number;
}

/** Full at the start; every request takes a token, and time brings new ones. */
export class TokenBucket {
  private tokens: number;
  private filledAt: number;

  /** @param clock milliseconds that never go back */
  constructor(
    private readonly limit: RateLimit,
    private readonly clock: () => number = () => performance.now(),
  ) {
    this.tokens = limit.burst;
    this.filledAt = clock();
  }

  /** False when there is none left. */
  take(): boolean {
    const now = this.clock();
    const grown = this.tokens + ((now - this.filledAt) / 1_000) * this.limit.perSecond;
    this.tokens = Math.min(this.limit.burst, grown);
    this.filledAt = now;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}
