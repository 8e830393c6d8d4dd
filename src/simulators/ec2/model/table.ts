import type { Stored } from './records';

interface Version<T> {
  readonly from: number;
  /** Null: it is gone. */
  readonly value: T | null;
}

/** What a table asks of the world around it. */
export interface TableContext<T extends Stored> {
  /** Milliseconds after which readers see a change. */
  readonly lagMs: number;
  now(): number;
  /** How to take the change back, should the request fail after all. */
  changed(undo: () => void, value: T | null): void;
}

/**
 * The records of one kind. Each is read in two ways: `get` is how it is, `seen` how clients see it, which lags behind as
 * a distributed system does.
 */
export class Table<T extends Stored> {
  private readonly rows = new Map<string, readonly Version<T>[]>();

  constructor(private readonly context: TableContext<T>) {}

  get(id: string): T | null {
    return this.rows.get(id)?.at(-1)?.value ?? null;
  }

  seen(id: string): T | null {
    const horizon = this.context.now() - this.context.lagMs;
    return this.rows.get(id)?.findLast(({ from }) => from <= horizon)?.value ?? null;
  }

  all(): readonly T[] {
    return this.collect((id) => this.get(id));
  }

  allSeen(): readonly T[] {
    return this.collect((id) => this.seen(id));
  }

  /** @param at since when it is so; 0 for what readers are to see at once */
  put(value: T, at: number): void {
    this.push(value.id, { from: at, value });
  }

  remove(id: string, at: number): void {
    this.push(id, { from: at, value: null });
  }

  private push(id: string, version: Version<T>): void {
    const before = this.rows.get(id) ?? [];
    const horizon = this.context.now() - this.context.lagMs;
    // Of what everybody sees already only the last is needed.
    const firstNeeded = Math.max(
      0,
      before.findLastIndex(({ from }) => from <= horizon),
    );
    const isSeen = version.from <= horizon;
    if (isSeen && version.value === null) this.rows.delete(id);
    else this.rows.set(id, isSeen ? [version] : [...before.slice(firstNeeded), version]);
    this.context.changed(() => this.restore(id, before), version.value);
  }

  private restore(id: string, versions: readonly Version<T>[]): void {
    if (versions.length === 0) this.rows.delete(id);
    else this.rows.set(id, versions);
  }

  private collect(read: (id: string) => T | null): readonly T[] {
    const found: T[] = [];
    const horizon = this.context.now() - this.context.lagMs;
    for (const [id, versions] of this.rows) {
      const last = versions.at(-1);
      if (last?.value === null && last.from <= horizon) this.rows.delete(id);
      const value = read(id);
      if (value) found.push(value);
    }
    return found;
  }
}
