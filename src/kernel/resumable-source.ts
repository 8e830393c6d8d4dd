/** Something with its place in an order. */
export interface Placed<E> {
  readonly value: E;
  /** Whoever goes on behind it gets what follows. Never falls along a source. */
  readonly position: number;
  /** True for the news that something is missing; it belongs to one reader alone. */
  readonly lagged: boolean;
}

export interface ReplayOptions {
  /** True for a reader who was up to date before: when it is too far behind, it is moved on and told so. */
  readonly wasLive: boolean;
  readonly signal: AbortSignal;
}

/**
 * A stream of things that have one order and are kept for a while, so that one reader's place in it is a number.
 * Those who are up to date can then share one reading, and those who are not can catch up by themselves.
 */
export interface ResumableSource<E> {
  /** The reader begins behind this position. */
  readonly after: number;
  /** Equal topics tell the same behind the same position, to whoever has the same audience. */
  readonly topic: string;
  /**
   * All behind `after` that there is by now, at the reader's pace. Ends with the position reached; with null when
   * nothing more will ever come.
   */
  replay(after: number, options: ReplayOptions): AsyncGenerator<Placed<E>, number | null>;
  /** What happens behind `after`; ends when nothing more will ever come, or with the signal. */
  follow(after: number, signal: AbortSignal): AsyncGenerator<Placed<E>, void>;
}

export function isResumable(source: object): source is ResumableSource<unknown> {
  return 'replay' in source && 'follow' in source;
}
