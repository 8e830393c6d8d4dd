/**
 * Makes a stream that ends at once when its consumer leaves. A bare generator would notice only with the next event,
 * which may never come.
 */
export function eventSubscription<T>(
  start: (signal: AbortSignal) => AsyncGenerator<T, void>,
): AsyncIterableIterator<T, void> {
  const left = new AbortController();
  const source = start(left.signal);
  return {
    next: () => source.next(),
    return: async () => {
      left.abort();
      return source.return();
    },
    throw: async (error: unknown) => {
      left.abort();
      return source.throw(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
