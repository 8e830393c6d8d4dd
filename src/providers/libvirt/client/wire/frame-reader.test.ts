import fc from 'fast-check';
import type { Frame } from './frame';
import { MalformedFrameError } from './frame';
import { FrameReader } from './frame-reader';

const hex = (annotated: string): Buffer =>
  Buffer.from(annotated.replace(/#.*$/gm, '').replace(/\s/g, ''), 'hex');

/** A reply to GET_HOSTNAME, as a daemon sent it. */
const REPLY = hex(`
  00 00 00 28   # length 40
  20 00 80 86   # program REMOTE
  00 00 00 01   # version 1
  00 00 00 3b   # procedure 59, CONNECT_GET_HOSTNAME
  00 00 00 01   # type REPLY
  00 00 00 05   # serial 5
  00 00 00 00   # status OK
  00 00 00 05   # a string of 5 bytes
  6e 6f 64 65 31 00 00 00  # node1, padded to 8
`);

/** A PING, the shortest frame there is. */
const PING = hex(`
  00 00 00 1c 6b 65 65 70   # length 28, program KEEPALIVE
  00 00 00 01 00 00 00 01   # version 1, procedure PING
  00 00 00 02 00 00 00 00   # type MESSAGE, serial 0
  00 00 00 00               # status OK
`);

function read(pieces: readonly Buffer[]): Frame[] {
  const reader = new FrameReader();
  const frames: Frame[] = [];
  for (const piece of pieces)
    reader.push(piece, (frame) => frames.push({ ...frame, payload: Buffer.from(frame.payload) }));
  expect(reader.atBoundary).toBe(true);
  return frames;
}

describe('the frame reader', () => {
  it('reads header and payload', () => {
    expect(read([REPLY])).toEqual([
      { program: 0x20008086, procedure: 59, type: 1, serial: 5, status: 0, payload: REPLY.subarray(28) },
    ]);
    expect(read([PING])).toEqual([
      { program: 0x6b656570, procedure: 1, type: 2, serial: 0, status: 0, payload: Buffer.alloc(0) },
    ]);
  });

  it('finds the same frames however the bytes are cut', () => {
    const all = Buffer.concat([REPLY, PING, REPLY, REPLY, PING]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: all.length })), (cuts) => {
        const ends = [...cuts.sort((one, other) => one - other), all.length];
        const pieces = ends.map((end, index) => all.subarray(ends[index - 1] ?? 0, end));
        expect(read(pieces)).toEqual(read([all]));
      }),
    );
  });

  it('knows that it is inside a frame', () => {
    const reader = new FrameReader();
    reader.push(REPLY.subarray(0, 3), () => undefined);
    expect(reader.atBoundary).toBe(false);
    reader.push(REPLY.subarray(3, 39), () => undefined);
    expect(reader.atBoundary).toBe(false);
  });

  it.each([0, 27, 33_554_433, 0xffffffff])('refuses the length %d, whole or in pieces', (length) => {
    const bytes = Buffer.alloc(28);
    bytes.writeUInt32BE(length);
    expect(() => new FrameReader().push(bytes, () => undefined)).toThrow(MalformedFrameError);
    const reader = new FrameReader();
    reader.push(bytes.subarray(0, 2), () => undefined);
    expect(() => reader.push(bytes.subarray(2), () => undefined)).toThrow(
      `Frame length ${length} is outside`,
    );
  });
});
