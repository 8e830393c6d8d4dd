import { AppError, toAppError } from '../../kernel';
import type { CallContext } from './operation';

export interface CallBounds {
  readonly timeoutMs: number;
  /**
   * How long a call that was aborted may still take to stop, in milliseconds, before it is abandoned. Answering at
   * once would let the caller clean up while the plugin is still building.
   */
  readonly windDownMs: number;
  /** Aborted when the provider is closed. */
  readonly closed: AbortSignal;
}

/**
 * Runs one call of a plugin so that it ends whatever the plugin does.
 * @throws CANCELLED when `context.signal` is aborted, DEADLINE_EXCEEDED after `timeoutMs`, UNAVAILABLE when the
 *   provider is closed meanwhile, and else whatever the plugin throws, as an `AppError`
 */
export async function boundedCall<T>(
  context: CallContext,
  bounds: CallBounds,
  action: (context: CallContext) => Promise<T>,
): Promise<T> {
  refuseAborted(context, bounds);
  const interruption = new Interruption(context.signal, bounds);
  const running = startCall(context, interruption, action);
  try {
    return await Promise.race([running, interruption.happened]);
  } catch (error) {
    throw toAppError(interruption.reason ?? error);
  } finally {
    interruption.release();
  }
}

function refuseAborted(context: CallContext, bounds: CallBounds): void {
  if (bounds.closed.aborted) throw closedError();
  if (context.signal.aborted) throw cancelledError();
}

async function startCall<T>(
  context: CallContext,
  interruption: Interruption,
  action: (context: CallContext) => Promise<T>,
): Promise<T> {
  try {
    return await action({
      signal: interruption.signal,
      logger: context.logger,
      reportProgress: (percent, message) => {
        // A plugin that was abandoned may go on talking; nobody listens any more.
        if (!interruption.over) context.reportProgress(Math.min(100, Math.max(0, percent || 0)), message);
      },
    });
  } finally {
    if (interruption.over) context.logger.warn({}, 'A call to the backend ended after it was abandoned.');
    interruption.settled();
  }
}

/** Whichever comes first of the caller's abort, the deadline and the closing, kept as the one reason. */
class Interruption {
  readonly happened: Promise<never>;
  reason: AppError | null = null;
  over = false;
  private readonly controller = new AbortController();
  private readonly deadline: NodeJS.Timeout;
  private windDown: NodeJS.Timeout | null = null;
  private reject: (error: AppError) => void = () => undefined;

  constructor(
    private readonly caller: AbortSignal,
    private readonly bounds: CallBounds,
  ) {
    this.happened = new Promise<never>((_resolve, reject) => {
      this.reject = reject;
    });
    // The race may be over before; an unobserved rejection would end the process.
    this.happened.catch(() => undefined);
    this.deadline = setTimeout(() => {
      this.interrupt(
        new AppError('DEADLINE_EXCEEDED', `The backend did not answer in ${bounds.timeoutMs} ms.`),
      );
    }, bounds.timeoutMs);
    caller.addEventListener('abort', this.onCallerAbort, { once: true });
    bounds.closed.addEventListener('abort', this.onClosed, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** The plugin came to an end by itself: whatever interrupted it is the answer now. */
  settled(): void {
    if (this.reason) this.reject(this.reason);
  }

  release(): void {
    this.over = true;
    clearTimeout(this.deadline);
    if (this.windDown) clearTimeout(this.windDown);
    this.caller.removeEventListener('abort', this.onCallerAbort);
    this.bounds.closed.removeEventListener('abort', this.onClosed);
  }

  private readonly onCallerAbort = (): void => {
    this.interrupt(cancelledError(this.caller.reason));
  };

  private readonly onClosed = (): void => {
    this.interrupt(closedError());
  };

  private interrupt(reason: AppError): void {
    if (this.reason) return;
    this.reason = reason;
    this.windDown = setTimeout(() => {
      this.reject(reason);
    }, this.bounds.windDownMs);
    this.controller.abort(reason);
  }
}

function cancelledError(cause?: unknown): AppError {
  return new AppError('CANCELLED', 'The call was cancelled.', { cause });
}

export function closedError(): AppError {
  return new AppError('UNAVAILABLE', 'The connection to the backend is closed.');
}

/** @throws DEADLINE_EXCEEDED when closing takes longer than that */
export async function withinTime(work: Promise<void>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new AppError('DEADLINE_EXCEEDED', `The backend did not close in ${timeoutMs} ms.`));
    }, timeoutMs);
  });
  try {
    await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
