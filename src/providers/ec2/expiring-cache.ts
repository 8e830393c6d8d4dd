interface Entry<T> {
  readonly value: Promise<T | null>;
  readonly expiresAt: number;
}

/** Keeps what was found for a while; questions for the same at the same time are asked once. */
export class ExpiringCache<T> {
  private readonly entries = new Map<string, Entry<T>>();

  constructor(
    private readonly lifeMs: number,
    private readonly maxEntries: number,
  ) {}

  /** What is not there, and what failed, is asked for again the next time. */
  async get(key: string, load: () => Promise<T | null>): Promise<T | null> {
    const known = this.entries.get(key);
    if (known && known.expiresAt > Date.now()) {
      // Whoever asked first may have given up, which is no answer for others.
      const value = await known.value.catch(() => null);
      if (value !== null) return value;
    }
    const value = load();
    const entry = { value, expiresAt: Date.now() + this.lifeMs };
    this.entries.set(key, entry);
    this.dropOldest();
    const forget = (): void => {
      if (this.entries.get(key) === entry) this.entries.delete(key);
    };
    value.then((found) => {
      if (found === null) forget();
    }, forget);
    return value;
  }

  forget(key: string): void {
    this.entries.delete(key);
  }

  clear(): void {
    this.entries.clear();
  }

  private dropOldest(): void {
    for (const key of this.entries.keys()) {
      if (this.entries.size <= this.maxEntries) return;
      this.entries.delete(key);
    }
  }
}
