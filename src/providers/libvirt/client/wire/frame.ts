/**
 * The frame of libvirt's RPC, big-endian throughout:
 *
 *     u32 length      of the whole frame, these four bytes included
 *     u32 program     REMOTE 0x20008086, KEEPALIVE 0x6b656570
 *     u32 version     1
 *     u32 procedure
 *     u32 type        CALL 0, REPLY 1, MESSAGE 2 (an event), STREAM 3
 *     u32 serial      of the call; 0 in a MESSAGE
 *     u32 status      OK 0, ERROR 1, CONTINUE 2
 *     ...             payload in XDR; in a STREAM with CONTINUE: raw bytes
 */
export const FRAME_HEADER_BYTES = 28;

/** The daemon drops a connection that sends more than this; neither do we accept more from it. */
export const MAX_FRAME_BYTES = 33_554_432;

/** The largest payload of a stream's frame: the daemon's legacy limit of 262,144 less the header. */
export const MAX_STREAM_CHUNK_BYTES = 262_120;

export const FRAME_TYPE = { CALL: 0, REPLY: 1, MESSAGE: 2, STREAM: 3 } as const;
export const FRAME_STATUS = { OK: 0, ERROR: 1, CONTINUE: 2 } as const;

/** One received frame. Its payload is a view of the receive buffer, which is used again: decode it at once, or copy it. */
export interface Frame {
  readonly program: number;
  readonly procedure: number;
  readonly type: number;
  readonly serial: number;
  readonly status: number;
  readonly payload: Buffer;
}

/** What a sender chooses of the header. */
export interface FrameHeader {
  readonly program: number;
  readonly procedure: number;
  readonly type: number;
  readonly serial: number;
  readonly status: number;
}

/** The peer does not speak the protocol; the connection cannot be used any further. */
export class MalformedFrameError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MalformedFrameError';
  }
}

/**
 * Reads the frame of `length` bytes that starts at `offset`.
 * @throws MalformedFrameError where the version is not 1
 */
export function decodeFrame(bytes: Buffer, offset: number, length: number): Frame {
  const version = bytes.readUInt32BE(offset + 8);
  if (version !== 1) throw new MalformedFrameError(`Frame of protocol version ${version}; only 1 is known.`);
  return {
    program: bytes.readUInt32BE(offset + 4),
    procedure: bytes.readUInt32BE(offset + 12),
    type: bytes.readUInt32BE(offset + 16),
    serial: bytes.readUInt32BE(offset + 20),
    status: bytes.readUInt32BE(offset + 24),
    payload: bytes.subarray(offset + FRAME_HEADER_BYTES, offset + length),
  };
}
