/** How much is left of the pace after the backend said "too many". */
const CUT = 0.7;
/** How much faster it gets with each request that was answered: half as much again in each second. */
const GROWTH_PER_SECOND = 0.5;
const LEAST_PER_SECOND = 0.5;
const WINDOW_MS = 1_000;

/**
 * The pace that a backend bears, found by its refusals: cut with the first refusal of a round, and grown with each
 * answer until it is what it was.
 */
export class AdaptiveRate {
  private perSecond: number;
  /** The requests so far, by which they are numbered, and how many there were at the beginning of the window. */
  private begun = 0;
  private window = { startedAt: 0, begun: 0, before: 0 };
  /** Requests up to this number were sent at an older pace, and say nothing of the present one. */
  private lastOfOldPace = 0;

  /** @param limit requests each second that are never exceeded */
  constructor(private readonly limit: number) {
    this.perSecond = limit;
  }

  get slowed(): boolean {
    return this.perSecond < this.limit;
  }

  /** The number of the request that began last. */
  get latest(): number {
    return this.begun;
  }

  /** @returns the request's number, to be handed back with its end */
  started(now: number = Date.now()): number {
    const { startedAt, begun } = this.window;
    if (now - startedAt >= WINDOW_MS) {
      const recent = now - startedAt < 2 * WINDOW_MS;
      this.window = { startedAt: now, begun: this.begun, before: recent ? this.begun - begun : 0 };
    }
    this.begun += 1;
    return this.begun;
  }

  /** @returns the new pace in requests per second; null where it stays */
  throttled(number: number): number | null {
    if (number <= this.lastOfOldPace) return null;
    this.lastOfOldPace = this.begun;
    const sent = Math.max(1, this.window.before, this.begun - this.window.begun);
    return this.set(Math.max(LEAST_PER_SECOND, Math.min(this.perSecond, sent) * CUT));
  }

  /** @returns the new pace in requests per second; null where it stays */
  succeeded(number: number): number | null {
    if (!this.slowed || number <= this.lastOfOldPace) return null;
    return this.set(Math.min(this.limit, this.perSecond + GROWTH_PER_SECOND));
  }

  private set(perSecond: number): number {
    this.perSecond = perSecond;
    return perSecond;
  }
}
