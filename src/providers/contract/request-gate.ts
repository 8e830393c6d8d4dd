import { TokenBucket } from 'limiter';
import { abortable, pause } from '../../kernel';
import type { AppError } from '../../kernel';
import { AdaptiveRate } from './adaptive-rate';
import { isThrottled, retryAfterOf, throttledError } from './throttling';

/** What an administrator allows a backend to be asked. */
export interface RateLimit {
  /** Requests each second, on average. */
  readonly perSecond: number;
  /** Requests at once after a rest; the requests of one second when left out. */
  readonly burst?: number;
}

export interface RequestGateOptions {
  /** No limit but the backend's own when absent. */
  readonly rateLimit?: RateLimit;
  /** How long a request that was throttled is tried again, in milliseconds; 30,000 by default. */
  readonly patienceMs?: number;
  /** Told of each request that the backend throttled, for metrics. Must not throw. */
  readonly onThrottled?: () => void;
}

/** No bucket is needed below one request in so many milliseconds; and faster than this nobody is limited. */
const UNLIMITED_PER_SECOND = 10_000;
/** Beyond this nobody is told to wait: a wrong clock somewhere must not close a backend for days. */
const MOST_HELD_MS = 10 * 60_000;

/**
 * The one way of a backend's requests to it, whatever they ask for: keeps to the configured rate, waits as long as the
 * backend says (Retry-After), slows down where it only says "too many", and repeats what was refused so. A throttled
 * request was not executed, so that repeating it is safe for mutations too.
 */
export class RequestGate {
  private readonly bucket: TokenBucket;
  private readonly rate: AdaptiveRate;
  /** Requests go in the order in which they came. */
  private last: Promise<void> = Promise.resolve();
  private heldUntil = 0;
  private readonly known = new WeakSet<AppError>();

  constructor(private readonly options: RequestGateOptions = {}) {
    const perSecond = options.rateLimit?.perSecond ?? UNLIMITED_PER_SECOND;
    const bucketSize = Math.max(1, Math.ceil(options.rateLimit?.burst ?? perSecond));
    this.bucket = new TokenBucket({ bucketSize, tokensPerInterval: perSecond, interval: 1_000 });
    this.bucket.content = bucketSize;
    this.rate = new AdaptiveRate(perSecond);
  }

  /**
   * Sends one request when it is its turn.
   * @param send may be called again after it threw a `throttledError`
   * @throws UNAVAILABLE with the reason THROTTLED when the backend's patience or ours is over; the reason of the signal's
   *   abortion; and what `send` throws else
   */
  async run<T>(signal: AbortSignal, send: () => Promise<T>): Promise<T> {
    const deadline = Date.now() + this.patienceMs;
    for (;;) {
      await this.turn(signal, deadline);
      const request = this.rate.started();
      try {
        const answer = await send();
        this.pace(this.rate.succeeded(request));
        return answer;
      } catch (error) {
        if (!isThrottled(error)) throw error;
        this.holdBack(error, request);
        if (Date.now() >= deadline) throw error;
      }
    }
  }

  /**
   * Waits for a request's turn, where whoever sends it repeats nothing.
   * @throws UNAVAILABLE with the reason THROTTLED where that would take longer than the patience, and the reason of the
   *   signal's abortion
   */
  async admit(signal: AbortSignal): Promise<void> {
    await this.turn(signal, Date.now() + this.patienceMs);
    this.rate.started();
  }

  /** Takes in a refusal of a request that was sent after `admit`; one that `run` threw is known already. */
  refused(error: AppError): void {
    if (!this.known.has(error)) this.holdBack(error, this.rate.latest);
  }

  /** False where nothing but the backend itself limits the requests. */
  get isLimited(): boolean {
    return this.options.rateLimit !== undefined;
  }

  private get patienceMs(): number {
    return this.options.patienceMs ?? 30_000;
  }

  private holdBack(error: AppError, request: number): void {
    this.known.add(error);
    this.options.onThrottled?.();
    this.pace(this.rate.throttled(request));
    const askedMs = retryAfterOf(error);
    if (askedMs === null) return;
    this.heldUntil = Math.max(this.heldUntil, Date.now() + Math.min(askedMs, MOST_HELD_MS));
  }

  /** Whoever would have to wait longer than it may is told at once, and how long. */
  private refuseLongWait(deadline: number): void {
    if (this.heldUntil <= deadline) return;
    const error = throttledError(this.heldUntil - Date.now());
    this.known.add(error);
    throw error;
  }

  /** Waits behind those that came before, until the backend is ready to hear and the bucket holds a token. */
  private async turn(signal: AbortSignal, deadline: number): Promise<void> {
    signal.throwIfAborted();
    this.refuseLongWait(deadline);
    const before = this.last;
    const mine = before.then(() => this.token(signal, deadline));
    this.last = mine.catch(() => undefined);
    // Whoever gives up leaves at once, and its place in the line is passed over.
    return abortable(mine, signal);
  }

  private async token(signal: AbortSignal, deadline: number): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      // It may have been told to those before while this one waited behind them.
      this.refuseLongWait(deadline);
      const heldMs = this.heldUntil - Date.now();
      if (heldMs <= 0 && this.bucket.tryRemoveTokens(1)) return;
      await pause(Math.max(1, heldMs, this.bucket.getWaitTime(1)), signal);
    }
  }

  private pace(perSecond: number | null): void {
    if (perSecond === null) return;
    this.bucket.drip();
    this.bucket.tokensPerInterval = perSecond;
    // A bucket that filled at the old pace would let the next ones through in a bunch.
    this.bucket.content = Math.min(this.bucket.content, this.rate.slowed ? 1 : this.bucket.bucketSize);
  }
}
