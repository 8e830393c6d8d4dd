import { prefixSize } from '../contract';
import type { Ipv4Prefix } from '../contract';

/** The addresses of one network that its cards have; the first is the gateway's. */
export class AddressPool {
  private readonly taken = new Set<number>();
  private readonly first: number;
  private readonly last: number;
  private next: number;

  constructor(prefix: Ipv4Prefix) {
    this.first = prefix.base + 2;
    this.last = prefix.base + prefixSize(prefix.length) - 2;
    this.next = this.first;
  }

  get size(): number {
    return this.taken.size;
  }

  /** Goes round, so that an address is not handed on as soon as it was given back; null when all are taken. */
  take(): number | null {
    if (this.taken.size > this.last - this.first) return null;
    while (this.taken.has(this.next)) this.advance();
    const address = this.next;
    this.taken.add(address);
    this.advance();
    return address;
  }

  restore(address: number): void {
    this.taken.add(address);
  }

  release(address: number): void {
    this.taken.delete(address);
  }

  private advance(): void {
    this.next = this.next >= this.last ? this.first : this.next + 1;
  }
}
