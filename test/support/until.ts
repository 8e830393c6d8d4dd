/** Asks until the answer is as wanted, and fails with the last one when that takes too long. */
export async function until<T>(
  ask: () => Promise<T> | T,
  wanted: (value: T) => boolean = Boolean,
  timeoutMs = 30_000,
  pauseMs = 5,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await ask();
    if (wanted(value)) return value;
    if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(value)} after ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
