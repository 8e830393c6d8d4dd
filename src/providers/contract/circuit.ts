import { performance } from 'node:perf_hooks';
import { BrokenCircuitError, CircuitState, ConsecutiveBreaker, circuitBreaker, handleType } from 'cockatiel';
import type { CircuitBreakerPolicy } from 'cockatiel';
import { heldBackError, toAppError } from '../../kernel';
import type { AppError, ErrorCode } from '../../kernel';
import { THROTTLED } from './throttling';

export interface CircuitOptions {
  /** Failures in a row after which calls are held back; 5 by default. */
  readonly threshold?: number;
  /** How long they are held back before one is tried, in milliseconds; 5,000 by default. */
  readonly halfOpenAfterMs?: number;
}

/** While a trial is under way nobody knows how long it takes: whoever asks meanwhile asks again after this. */
const TRIAL_PAUSE_MS = 1_000;

/** Errors that may come from before the backend: a trial that ends with one has not shown that it answers. */
const PROVE_NOTHING: ReadonlySet<ErrorCode> = new Set([
  'CANCELLED',
  'INVALID_ARGUMENT',
  'UNSUPPORTED',
  'INTERNAL',
]);

/** What counts against the backend, with the error in it that the caller is to have. */
class NotReached extends Error {
  constructor(readonly error: AppError) {
    super(error.message);
  }
}

/**
 * Holds calls back from a backend that does not answer: each would wait for its time limit and keep a place that
 * others need. Open after a row of failures; then one call at a time is let through, and its success closes it.
 */
export class Circuit {
  private breaker: CircuitBreakerPolicy;
  private shown = false;
  private trialAt = 0;

  /**
   * @param onChange told when calls begin to be held back (true), and when they no longer are
   * @param onHold told each time that calls are held back, also after a failed trial: for how many milliseconds
   */
  constructor(
    private readonly options: CircuitOptions,
    private readonly onChange: (isOpen: boolean) => void,
    private readonly onHold: (forMs: number) => void = () => undefined,
  ) {
    this.breaker = this.newBreaker();
  }

  /** @throws UNAVAILABLE with the reason CIRCUIT_OPEN when the call is held back, and whatever the call throws */
  async run<T>(call: () => Promise<T>): Promise<T> {
    const { breaker } = this;
    // The library would let others wait for the trial's end, which may be minutes away.
    if (breaker.state === CircuitState.HalfOpen) throw heldBackError(TRIAL_PAUSE_MS);
    const isTrial = breaker.state === CircuitState.Open;
    try {
      return await breaker.execute(() => judged(call, isTrial));
    } catch (error) {
      if (error instanceof BrokenCircuitError) throw heldBackError(this.heldBackMs());
      throw error instanceof NotReached ? error.error : error;
    }
  }

  /** Runs the health check: never held back, and its success closes the circuit. */
  async probe<T>(call: () => Promise<T>): Promise<T> {
    if (!this.isOpen) return this.run(call);
    const answer = await call();
    this.close();
    return answer;
  }

  /** The backend was heard of by another way than a call. */
  close(): void {
    if (!this.isOpen) return;
    // The library's breaker closes by a trial only. Calls still under way on the old one change nothing any more.
    this.breaker = this.newBreaker();
    this.show();
  }

  private heldBackMs(): number {
    return Math.max(0, this.trialAt - performance.now()) || TRIAL_PAUSE_MS;
  }

  private get isOpen(): boolean {
    return this.breaker.state !== CircuitState.Closed;
  }

  private newBreaker(): CircuitBreakerPolicy {
    const { threshold = 5, halfOpenAfterMs = 5_000 } = this.options;
    const breaker = circuitBreaker(handleType(NotReached), {
      breaker: new ConsecutiveBreaker(threshold),
      halfOpenAfter: halfOpenAfterMs,
    });
    breaker.onStateChange(() => {
      if (breaker !== this.breaker) return;
      if (breaker.state === CircuitState.Open) {
        this.trialAt = performance.now() + halfOpenAfterMs;
        this.onHold(halfOpenAfterMs);
      }
      this.show();
    });
    return breaker;
  }

  /** From open to half-open and back is no news: calls are held back all the time. */
  private show(): void {
    if (this.shown === this.isOpen) return;
    this.shown = this.isOpen;
    this.onChange(this.shown);
  }
}

/** Tells failures of the backend to be reached from its answers, of which errors are some. @throws NotReached */
async function judged<T>(call: () => Promise<T>, isTrial: boolean): Promise<T> {
  try {
    return await call();
  } catch (thrown) {
    const error = toAppError(thrown);
    throw saysAway(error) || (isTrial && PROVE_NOTHING.has(error.code)) ? new NotReached(error) : error;
  }
}

/** A DEADLINE_EXCEEDED that is not worth repeating is a guest's silence, of which the backend told. */
function saysAway({ code, retryable, details }: AppError): boolean {
  if (STILL_THERE.has(details?.['reason'])) return false;
  return code === 'UNAVAILABLE' || (code === 'DEADLINE_EXCEEDED' && retryable);
}

/** The reason in the details of a refusal because of other work on the same object: the backend is there. */
export const OBJECT_BUSY = 'OBJECT_BUSY';

/** Reasons by which a backend says no, and so that it is there. */
const STILL_THERE: ReadonlySet<unknown> = new Set([OBJECT_BUSY, THROTTLED]);
