/** Frames made by hand, on purpose without the client's own encoder: the two must agree about the bytes. */

export interface RawFrame {
  readonly program: number;
  readonly procedure: number;
  readonly type: number;
  readonly serial: number;
  readonly status: number;
  readonly payload: Buffer;
}

export const REMOTE = 0x20008086;
export const KEEPALIVE = 0x6b656570;

export function u32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => bytes.writeInt32BE(value | 0, index * 4));
  return bytes;
}

export function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  return Buffer.concat([u32(bytes.length), bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

export function frameBytes(frame: Partial<RawFrame>): Buffer {
  const {
    program = REMOTE,
    procedure = 0,
    type = 1,
    serial = 0,
    status = 0,
    payload = Buffer.alloc(0),
  } = frame;
  return Buffer.concat([u32(28 + payload.length, program, 1, procedure, type, serial, status), payload]);
}

/** All whole frames at the head of `bytes`, and what is left. */
export function cutFrames(bytes: Buffer): { frames: RawFrame[]; rest: Buffer } {
  const frames: RawFrame[] = [];
  let rest = bytes;
  while (rest.length >= 4 && rest.length >= rest.readUInt32BE(0)) {
    const length = rest.readUInt32BE(0);
    const word = (index: number): number => rest.readUInt32BE(index * 4);
    frames.push({
      program: word(1),
      procedure: word(3),
      type: word(4),
      serial: word(5),
      status: word(6),
      payload: Buffer.from(rest.subarray(28, length)),
    });
    rest = rest.subarray(length);
  }
  return { frames, rest };
}

/** The payload of an error reply: code, domain, message, level, no domain, no strings, two ints, no network. */
export function errorPayload(code: number, message: string): Buffer {
  return Buffer.concat([u32(code, 10, 1), text(message), u32(2, 0, 0, 0, 0, 0, 0, 0)]);
}
