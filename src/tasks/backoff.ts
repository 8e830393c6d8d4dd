const BASE_MS = 500;
const CAP_MS = 30_000;

/**
 * How long to wait before another try: full jitter, that is, anything between nothing and the exponential bound.
 * Spreads the retries of many tasks that failed together.
 * @param attempt tries so far, 1 or more
 * @param random in [0, 1)
 */
export function retryDelayMs(attempt: number, random: () => number = Math.random): number {
  const bound = Math.min(CAP_MS, BASE_MS * 2 ** (attempt - 1));
  return Math.round(random() * bound);
}
