/** Repeatable chance: the same seed tells the same story. */
export class Random {
  private state: bigint;

  constructor(seed: number) {
    this.state = BigInt.asUintN(64, BigInt(Math.trunc(seed)) * 2_654_435_761n + 1n);
  }

  /** From 0 up to, not including, 1. A linear congruential generator with Knuth's MMIX constants. */
  next(): number {
    this.state = BigInt.asUintN(64, this.state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n);
    return Number(this.state >> 11n) / 2 ** 53;
  }

  happens(probability: number): boolean {
    return probability > 0 && this.next() < probability;
  }

  /** A version 4 UUID. */
  uuid(): string {
    const hex = [0, 0, 0, 0]
      .map(() =>
        Math.floor(this.next() * 2 ** 32)
          .toString(16)
          .padStart(8, '0'),
      )
      .join('');
    const variant = (8 + (parseInt(hex.charAt(16), 16) % 4)).toString(16);
    return [
      hex.slice(0, 8),
      hex.slice(8, 12),
      `4${hex.slice(13, 16)}`,
      `${variant}${hex.slice(17, 20)}`,
      hex.slice(20),
    ].join('-');
  }

  /** Where it stands, so that a restart goes on and does not repeat itself. */
  save(): string {
    return this.state.toString();
  }

  restore(saved: string): void {
    this.state = BigInt(saved);
  }
}
