const BASE_MS = 500;
const CAP_MS = 30_000;

/** Beyond this nobody is told to wait: a wrong clock somewhere must not park a task for days. */
const MOST_ASKED_MS = 10 * 60_000;

/**
 * How long to wait before another try: full jitter, that is, anything between nothing and the exponential bound.
 * Spreads the retries of many tasks that failed together.
 * @param attempt tries so far, 1 or more
 * @param askedMs how long the backend asked to be left alone; nothing shorter is given
 * @param random in [0, 1)
 */
export function retryDelayMs(
  attempt: number,
  askedMs: number = 0,
  random: () => number = Math.random,
): number {
  const bound = Math.min(CAP_MS, BASE_MS * 2 ** (attempt - 1));
  return Math.min(askedMs, MOST_ASKED_MS) + Math.round(random() * bound);
}
