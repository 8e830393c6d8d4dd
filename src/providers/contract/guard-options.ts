import type { CIRCUIT_OPEN, ErrorCode, Logger } from '../../kernel';
import type { ProviderMethod } from './call-timeouts';
import type { CircuitOptions } from './circuit';
import type { RequestGate } from './request-gate';

/** One finished call: how long it took, in milliseconds, and how it ended. */
export interface ProviderCall {
  readonly method: ProviderMethod;
  readonly durationMs: number;
  /** CIRCUIT_OPEN: held back, and answered with UNAVAILABLE without asking the backend. */
  readonly code: ErrorCode | 'OK' | typeof CIRCUIT_OPEN;
}

export interface GuardOptions {
  /** Overrides of `DEFAULT_CALL_TIMEOUTS_MS`. */
  readonly timeoutsMs?: Partial<Record<ProviderMethod, number>>;
  /** See `CallBounds.windDownMs`; 1,000 by default. */
  readonly windDownMs?: number;
  /** When calls are held back from a backend that does not answer; null for never. */
  readonly circuit?: CircuitOptions | null;
  /** Told of each throttled call that leaves the plugin: the backend's requests are then held back. */
  readonly requests?: RequestGate;
  /** Told when calls begin to be held back (true), and when they no longer are. Must not throw. */
  readonly onCircuit?: (isOpen: boolean) => void;
  /** Told each time that calls are held back, also after a failed trial: milliseconds to the next one. Must not throw. */
  readonly onHeldBack?: (forMs: number) => void;
  /** Told of every call, for metrics; `watch` is told of when it ends. Must not throw. */
  readonly onCall?: (call: ProviderCall) => void;
  /** For what nobody else is told: unexpected errors with their cause, listeners of `watch` that throw. */
  readonly logger?: Logger;
}
