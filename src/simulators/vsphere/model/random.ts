/** Repeatable chance: the same seed tells the same story. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = Math.trunc(seed) | 0;
  }

  /** From 0 up to, not including, 1. Tommy Ettinger's Mulberry32: 32 bits of state, each value of them met once. */
  next(): number {
    return this.word() / 2 ** 32;
  }

  happens(probability: number): boolean {
    return probability > 0 && this.next() < probability;
  }

  /** A version 4 UUID. */
  uuid(): string {
    const a = hex(this.word());
    const b = hex((this.word() & 0xffff_0fff) | 0x4000);
    const c = hex((this.word() & 0x3fff_ffff) | 0x8000_0000);
    // Joined, because a template would keep all the pieces alive, and there are three of these for each machine.
    return [a, b.slice(0, 4), b.slice(4), c.slice(0, 4), c.slice(4) + hex(this.word())].join('-');
  }

  /** Where it stands, so that a restart goes on and does not repeat itself. */
  save(): number {
    return this.state;
  }

  restore(saved: number): void {
    this.state = saved;
  }

  private word(): number {
    this.state = (this.state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
