import fc from 'fast-check';
import { XdrError } from './xdr-error';
import { XdrReader } from './xdr-reader';
import { XdrWriter } from './xdr-writer';

function written(write: (writer: XdrWriter) => void): Buffer {
  const writer = new XdrWriter(8);
  write(writer);
  return Buffer.from(writer.view());
}

/** What is read is what was written, and nothing is left over. */
function roundTrip<T>(value: T, write: (writer: XdrWriter) => void, read: (reader: XdrReader) => T): void {
  const bytes = written(write);
  const reader = new XdrReader(bytes);
  expect(read(reader)).toEqual(value);
  expect(reader.remaining).toBe(0);
  expect(bytes.length % 4).toBe(0);
}

describe('XDR', () => {
  it('survives the round trip', () => {
    const unsigned = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    const signed = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    fc.assert(
      fc.property(fc.nat({ max: 0xffffffff }), (n) =>
        roundTrip(
          n,
          (w) => w.u32(n),
          (r) => r.u32(),
        ),
      ),
    );
    fc.assert(
      fc.property(fc.integer(), (n) =>
        roundTrip(
          n,
          (w) => w.i32(n),
          (r) => r.i32(),
        ),
      ),
    );
    fc.assert(
      fc.property(unsigned, (n) =>
        roundTrip(
          n,
          (w) => w.u64(n),
          (r) => r.u64(),
        ),
      ),
    );
    fc.assert(
      fc.property(signed, (n) =>
        roundTrip(
          n,
          (w) => w.i64(n),
          (r) => r.i64(),
        ),
      ),
    );
    fc.assert(
      fc.property(fc.maxSafeNat(), (n) =>
        roundTrip(
          n,
          (w) => w.u64(n),
          (r) => r.u64AsNumber(),
        ),
      ),
    );
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (n) =>
        roundTrip(
          n,
          (w) => w.f64(n),
          (r) => r.f64(),
        ),
      ),
    );
    fc.assert(
      fc.property(fc.boolean(), (flag) =>
        roundTrip(
          flag,
          (w) => w.bool(flag),
          (r) => r.bool(),
        ),
      ),
    );
    fc.assert(
      fc.property(fc.uuid(), (id) =>
        roundTrip(
          id,
          (w) => w.uuid(id),
          (r) => r.uuid(),
        ),
      ),
    );
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(text, (s) =>
        roundTrip(
          s,
          (w) => w.string(s),
          (r) => r.string(),
        ),
      ),
    );
    fc.assert(
      fc.property(fc.option(text), (s) =>
        roundTrip(
          s,
          (w) => w.optionalString(s),
          (r) => r.optionalString(),
        ),
      ),
    );
    const list = fc.array(text);
    const write = (w: XdrWriter, s: string): void => w.string(s);
    fc.assert(
      fc.property(list, (l) =>
        roundTrip(
          l,
          (w) => w.list(l, write),
          (r) => r.list((e) => e.string()),
        ),
      ),
    );
  });

  it('is what RFC 4506 says', () => {
    expect(written((w) => w.string('abcde')).toString('hex')).toBe('00000005' + '6162636465' + '000000');
    expect(written((w) => w.optionalString(null)).toString('hex')).toBe('00000000');
    expect(written((w) => w.i32(-1)).toString('hex')).toBe('ffffffff');
    expect(written((w) => w.u64(2 ** 40)).toString('hex')).toBe('0000010000000000');
  });

  it('reads nothing but what is there, whatever the bytes', () => {
    const reads: ((reader: XdrReader) => unknown)[] = [
      (r) => r.u32(),
      (r) => r.u64(),
      (r) => r.string(),
      (r) => r.optionalString(),
      (r) => r.uuid(),
      (r) => r.charVector(32),
      (r) => r.list((entry) => entry.string()),
    ];
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.constantFrom(...reads), (bytes, read) => {
        const reader = new XdrReader(Buffer.from(bytes));
        try {
          read(reader);
        } catch (error) {
          expect(error).toBeInstanceOf(XdrError);
        }
        expect(reader.remaining).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('keeps to the limits of the daemon', () => {
    const tooLong = 'x'.repeat(4_194_305);
    expect(() => written((w) => w.string(tooLong))).toThrow('exceeds 4194304');
    expect(() => written((w) => w.list(Array(16_385).fill(0), () => undefined))).toThrow('exceeds 16384');
    expect(() => new XdrReader(Buffer.from('00400001', 'hex')).string()).toThrow('exceeds 4194304');
    expect(() => new XdrReader(Buffer.from('00004001', 'hex')).list((r) => r.u32())).toThrow('exceeds 16384');
    expect(() => new XdrReader(Buffer.from('00000002', 'hex')).optionalString()).toThrow('instead of 0 or 1');
    expect(() => written((w) => w.uuid('1234'))).toThrow('is not a UUID');
  });

  it('never touches bytes that were taken for sending', () => {
    const writer = new XdrWriter(64);
    writer.string('first');
    const taken = writer.take();
    const copy = Buffer.from(taken);
    for (let index = 0; index < 20_000; index += 1) writer.u32(index);
    expect(taken.equals(copy)).toBe(true);
    expect(writer.view().readUInt32BE(79_996)).toBe(19_999);
  });
});
