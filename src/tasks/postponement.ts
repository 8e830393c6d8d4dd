import { heldBackMs } from '../kernel';

/**
 * Thrown by a step that has to wait for something that others do: the task gives its place up and looks again later.
 * A step that waited in its place could keep out the very task that it waits for. Throw it before any side effect.
 */
export class Postponement extends Error {
  constructor(
    message: string,
    /** When to look again, in milliseconds from now. */
    readonly delayMs: number,
  ) {
    super(message);
    this.name = 'Postponement';
  }
}

/** Spreads those that were held back together. */
const SPREAD_MS = 1_000;
/** No longer than this: whoever knows that the backend is held back takes up none of its tasks, and it may be back sooner. */
const MOST_HELD_BACK_MS = 2_000;

/** What a step is to wait for that threw this: what it says itself, or a backend that is not asked at the moment. */
export function postponementOf(thrown: unknown): Postponement | null {
  if (thrown instanceof Postponement) return thrown;
  const afterMs = heldBackMs(thrown);
  if (afterMs === null) return null;
  return new Postponement(
    'Waiting for the backend, which does not answer.',
    Math.min(afterMs, MOST_HELD_BACK_MS) + Math.random() * SPREAD_MS,
  );
}
