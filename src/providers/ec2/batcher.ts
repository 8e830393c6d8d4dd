/** Loads many by their keys; what is not there is missing from the answer. */
export type LoadMany<T> = (keys: readonly string[], signal: AbortSignal) => Promise<ReadonlyMap<string, T>>;

interface Waiter<T> {
  resolve(value: T | null): void;
  reject(reason: unknown): void;
}

interface Batch<T> {
  readonly keys: Map<string, Set<Waiter<T>>>;
  readonly controller: AbortController;
}

/**
 * Puts questions together that come at about the same time. While as many requests as may be are under way, the next
 * one gathers; so the busier the backend, the more a request asks for.
 */
export class Batcher<T> {
  private gathering: Batch<T> | null = null;
  private underWay = 0;

  constructor(
    private readonly load: LoadMany<T>,
    private readonly mostAtOnce: number,
  ) {}

  /** Asks anew: an answer that was asked for earlier is never given. @throws the reason of the signal's abortion */
  get(key: string, signal: AbortSignal): Promise<T | null> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const batch = this.join();
      const waiters = batch.keys.get(key) ?? new Set();
      batch.keys.set(key, waiters);
      const onAbort = (): void => {
        waiters.delete(waiter);
        // Nobody waits any more for what it asks.
        if ([...batch.keys.values()].every(({ size }) => size === 0)) this.drop(batch, signal.reason);
        reject(asError(signal.reason));
      };
      const settled = (): void => {
        signal.removeEventListener('abort', onAbort);
      };
      const waiter: Waiter<T> = {
        resolve: (value) => (settled(), resolve(value)),
        reject: (reason) => (settled(), reject(asError(reason))),
      };
      waiters.add(waiter);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  private drop(batch: Batch<T>, reason: unknown): void {
    batch.controller.abort(reason);
    // Whoever comes next must not find what was given up.
    if (this.gathering === batch) this.gathering = null;
  }

  private join(): Batch<T> {
    if (this.gathering === null) {
      this.gathering = { keys: new Map(), controller: new AbortController() };
      this.startSoon();
    }
    return this.gathering;
  }

  private startSoon(): void {
    setImmediate(() => {
      if (this.gathering === null || this.underWay >= MOST_UNDER_WAY) return;
      const batch = this.gathering;
      this.gathering = null;
      this.underWay += 1;
      void this.run(batch).finally(() => {
        this.underWay -= 1;
        this.startSoon();
      });
    });
  }

  private async run({ keys, controller }: Batch<T>): Promise<void> {
    const wanted = [...keys].filter(([, { size }]) => size > 0).map(([key]) => key);
    const parts = Array.from({ length: Math.ceil(wanted.length / this.mostAtOnce) }, (_none, index) =>
      wanted.slice(index * this.mostAtOnce, (index + 1) * this.mostAtOnce),
    );
    await Promise.all(parts.map((part) => this.runPart(part, keys, controller.signal)));
  }

  private async runPart(
    part: readonly string[],
    waiting: Batch<T>['keys'],
    signal: AbortSignal,
  ): Promise<void> {
    const each = (key: string): readonly Waiter<T>[] => [...(waiting.get(key) ?? [])];
    try {
      const found = await this.load(part, signal);
      for (const key of part) for (const waiter of each(key)) waiter.resolve(found.get(key) ?? null);
    } catch (error) {
      for (const key of part) for (const waiter of each(key)) waiter.reject(error);
    }
  }
}

/** Two, so that one that hangs does not hold up all others. */
const MOST_UNDER_WAY = 2;

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
