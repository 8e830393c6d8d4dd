/**
 * The wait before the next attempt after `failures` failed ones: exponential, with full jitter, so that the
 * clients of a daemon that comes back do not all arrive at once.
 */
export function backoffMs(failures: number, baseMs: number, maximumMs: number, random = Math.random): number {
  return random() * Math.min(maximumMs, baseMs * 2 ** Math.min(failures, 30));
}
