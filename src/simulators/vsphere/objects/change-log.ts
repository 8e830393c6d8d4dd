import type { ObjectChange } from './object-store';

/** The last changes, numbered without a gap. Older ones are forgotten, so that a server may run for months. */
export class ChangeLog {
  private readonly changes: ObjectChange[] = [];
  private last = 0;

  /** @param capacity how many changes are kept */
  constructor(private readonly capacity: number) {}

  get version(): number {
    return this.last;
  }

  append(change: ObjectChange): void {
    this.changes[this.last % this.capacity] = change;
    this.last += 1;
  }

  /** Null for a version that has not been yet, or from which on not all is kept. */
  since(version: number): readonly ObjectChange[] | null {
    if (version > this.last || this.last - version > this.capacity) return null;
    const found: ObjectChange[] = [];
    for (let at = version; at < this.last; at += 1) {
      const change = this.changes[at % this.capacity];
      if (change) found.push(change);
    }
    return found;
  }
}
