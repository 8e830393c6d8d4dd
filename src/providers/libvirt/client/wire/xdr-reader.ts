import { XdrError } from './xdr-error';
import { MAX_LIST_ENTRIES, MAX_STRING_BYTES, UUID_BYTES } from './xdr-limits';

/** Reads XDR values (RFC 4506) from one payload; nothing is ever read beyond its end. */
export class XdrReader {
  private offset = 0;

  constructor(private readonly bytes: Buffer) {}

  get remaining(): number {
    return this.bytes.length - this.offset;
  }

  u32(): number {
    return this.bytes.readUInt32BE(this.advance(4));
  }

  i32(): number {
    return this.bytes.readInt32BE(this.advance(4));
  }

  i64(): bigint {
    return this.bytes.readBigInt64BE(this.advance(8));
  }

  u64(): bigint {
    return this.bytes.readBigUInt64BE(this.advance(8));
  }

  /** A size. Beyond 2^53 it is rounded: no disk or memory is that large. */
  u64AsNumber(): number {
    const offset = this.advance(8);
    return this.bytes.readUInt32BE(offset) * 4_294_967_296 + this.bytes.readUInt32BE(offset + 4);
  }

  f64(): number {
    return this.bytes.readDoubleBE(this.advance(8));
  }

  bool(): boolean {
    return this.u32() !== 0;
  }

  string(): string {
    const length = this.u32();
    if (length > MAX_STRING_BYTES)
      throw new XdrError(`A string of ${length} bytes exceeds ${MAX_STRING_BYTES}.`);
    const start = this.advance((length + 3) & ~3);
    return this.bytes.toString('utf8', start, start + length);
  }

  optionalString(): string | null {
    return this.present() ? this.string() : null;
  }

  /** The usual text form, in lower case. */
  uuid(): string {
    const start = this.advance(UUID_BYTES);
    const hex = this.bytes.toString('hex', start, start + UUID_BYTES);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  /** A vector of `count` chars: XDR spends four bytes on each. Ends at the first zero. */
  charVector(count: number): string {
    const codes: number[] = [];
    for (let index = 0; index < count; index += 1) codes.push(this.i32() & 0xff);
    const end = codes.indexOf(0);
    return String.fromCharCode(...(end < 0 ? codes : codes.slice(0, end)));
  }

  list<T>(decode: (reader: XdrReader) => T): T[] {
    const count = this.u32();
    if (count > MAX_LIST_ENTRIES)
      throw new XdrError(`A list of ${count} entries exceeds ${MAX_LIST_ENTRIES}.`);
    const values: T[] = [];
    for (let index = 0; index < count; index += 1) values.push(decode(this));
    return values;
  }

  /** The u32 in front of an optional value. */
  present(): boolean {
    const flag = this.u32();
    if (flag > 1) throw new XdrError(`An optional value begins with ${flag} instead of 0 or 1.`);
    return flag === 1;
  }

  private advance(count: number): number {
    const start = this.offset;
    if (count > this.bytes.length - start) {
      throw new XdrError(`The payload ends ${count - (this.bytes.length - start)} bytes too early.`);
    }
    this.offset = start + count;
    return start;
  }
}
