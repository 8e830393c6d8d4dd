import type { AppError, Logger } from '../../kernel';

/**
 * A backend's own handle of work that it accepted and has not finished: a Task object, a server id with its
 * target state. Plain JSON, because it is stored and polled again after a restart, by another process.
 */
export interface OperationRef {
  /** The provider's own word for the kind of work; opaque to everyone else. */
  readonly type: string;
  readonly ref: string;
}

/**
 * The answer to every mutation. Hypervisors mostly finish before they answer (DONE); clouds answer "accepted"
 * long before (ACCEPTED), and the caller polls with `pollOperation` until it is over.
 */
export type Outcome<T> =
  | { readonly state: 'DONE'; readonly value: T }
  | { readonly state: 'ACCEPTED'; readonly operation: OperationRef; readonly pollAfterMs: number };

/**
 * The state of accepted work. Percents are of the whole mutation, whatever stage of it this is.
 *
 * LOST: the backend no longer knows of it, or dropped it without reaching the target: the caller repeats the
 * (idempotent) mutation.
 *
 * CONTINUE: this stage has ended well and more is to be done: the caller repeats the mutation with the same arguments,
 * which finds what the stage made (whatever `listingLagMs` says) and goes on from there.
 */
export type OperationProgress<T> =
  | { readonly state: 'DONE'; readonly value: T }
  | { readonly state: 'RUNNING'; readonly percent: number | null; readonly pollAfterMs: number }
  | { readonly state: 'FAILED'; readonly error: AppError }
  | { readonly state: 'LOST' }
  | { readonly state: 'CONTINUE' };

/** What accompanies each call to a provider. */
export interface CallContext {
  /** Aborted when the caller gives up (deadline, cancellation, shutdown); the provider stops waiting. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** Progress inside one call, 0 to 100 of this call; may be called any number of times. */
  reportProgress(percent: number, message: string): void;
}

/** The context of a call whose progress nobody watches. */
export function unwatchedCall(signal: AbortSignal, logger: Logger): CallContext {
  return { signal, logger, reportProgress: () => undefined };
}

export function done<T>(value: T): Outcome<T> {
  return { state: 'DONE', value };
}
