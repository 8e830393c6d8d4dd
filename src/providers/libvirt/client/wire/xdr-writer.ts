import { XdrError } from './xdr-error';
import { MAX_LIST_ENTRIES, MAX_STRING_BYTES, UUID_BYTES } from './xdr-limits';

/** Appends XDR values (RFC 4506) to a buffer that grows as needed. */
export class XdrWriter {
  private bytes: Buffer;
  private end = 0;

  constructor(initialBytes = 4096) {
    this.bytes = Buffer.allocUnsafe(initialBytes);
  }

  get length(): number {
    return this.end;
  }

  /** Gives up everything after `length`, as after an encoder that failed half-way. */
  truncate(length: number): void {
    this.end = length;
  }

  /** The bytes so far, without a copy: valid until the next write. */
  view(): Buffer {
    return this.bytes.subarray(0, this.end);
  }

  /** The bytes so far; the writer goes on behind them, so that they stay untouched while they are sent. */
  take(): Buffer {
    const taken = this.bytes.subarray(0, this.end);
    this.bytes = this.bytes.subarray(this.end);
    this.end = 0;
    if (this.bytes.length < 1024) this.bytes = Buffer.allocUnsafe(65_536);
    return taken;
  }

  u32(value: number): void {
    this.ensure(4);
    this.end = this.bytes.writeUInt32BE(value, this.end);
  }

  i32(value: number): void {
    this.ensure(4);
    this.end = this.bytes.writeInt32BE(value, this.end);
  }

  /** Overwrites an u32 written before: a length is known only when what it counts is written. */
  patchU32(offset: number, value: number): void {
    this.bytes.writeUInt32BE(value, offset);
  }

  i64(value: bigint): void {
    this.ensure(8);
    this.end = this.bytes.writeBigInt64BE(value, this.end);
  }

  u64(value: bigint | number): void {
    this.ensure(8);
    this.end = this.bytes.writeBigUInt64BE(BigInt(value), this.end);
  }

  f64(value: number): void {
    this.ensure(8);
    this.end = this.bytes.writeDoubleBE(value, this.end);
  }

  bool(value: boolean): void {
    this.u32(value ? 1 : 0);
  }

  /** A u32 length, the UTF-8 bytes, zeros up to a multiple of four. */
  string(value: string): void {
    const length = Buffer.byteLength(value, 'utf8');
    if (length > MAX_STRING_BYTES)
      throw new XdrError(`A string of ${length} bytes exceeds ${MAX_STRING_BYTES}.`);
    const padded = (length + 3) & ~3;
    this.ensure(4 + padded);
    this.end = this.bytes.writeUInt32BE(length, this.end);
    this.bytes.write(value, this.end, length, 'utf8');
    this.bytes.fill(0, this.end + length, this.end + padded);
    this.end += padded;
  }

  /** A u32 0, or a u32 1 and the string. */
  optionalString(value: string | null): void {
    this.bool(value !== null);
    if (value !== null) this.string(value);
  }

  /** Sixteen raw bytes from the text form; dashes do not count. */
  uuid(value: string): void {
    const digits = value.replaceAll('-', '');
    if (!/^[0-9a-fA-F]{32}$/.test(digits)) throw new XdrError(`${JSON.stringify(value)} is not a UUID.`);
    this.ensure(UUID_BYTES);
    this.bytes.write(digits, this.end, 'hex');
    this.end += UUID_BYTES;
  }

  /** Bytes as they are: neither length nor padding. */
  raw(value: Uint8Array): void {
    this.ensure(value.length);
    this.bytes.set(value, this.end);
    this.end += value.length;
  }

  /** A u32 count and the entries. */
  list<T>(values: readonly T[], encode: (writer: XdrWriter, value: T) => void): void {
    if (values.length > MAX_LIST_ENTRIES) {
      throw new XdrError(`A list of ${values.length} entries exceeds ${MAX_LIST_ENTRIES}.`);
    }
    this.u32(values.length);
    for (const value of values) encode(this, value);
  }

  private ensure(extra: number): void {
    const needed = this.end + extra;
    if (needed <= this.bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(grown, 0, 0, this.end);
    this.bytes = grown;
  }
}
