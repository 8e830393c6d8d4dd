import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';

/** Bytes that may wait for a client before no more events are written to it. One frame may go beyond. */
const FULL_BYTES = 128 * 1024;
/** Bytes after which a client is cut off that makes us answer (pings, refusals) and does not read the answers. */
const OVERFLOW_BYTES = 1024 * 1024;
/** A whole text message in one unmasked frame (RFC 6455, 5.2). */
const TEXT_FRAME = 0x81;

interface CountedStream extends Duplex {
  /** Of a `net.Socket`: what was handed to the system, and what waits for that. */
  readonly bytesWritten?: number;
}

/** The sending half of one socket, which knows how much its client has not taken yet. */
export class SocketOutlet {
  private taken = 0;
  private takenAtMs = performance.now();
  /** Null while nobody waits, as with most sockets at all times. */
  private waiting: (() => void)[] | null = null;

  /** @param stream the connection below the WebSocket */
  constructor(
    private readonly socket: WebSocket,
    private readonly stream: CountedStream,
  ) {
    const release = (): void => {
      const released = this.waiting;
      this.waiting = null;
      for (const go of released ?? []) go();
    };
    stream.on('drain', release);
    stream.once('close', release);
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /** Whoever has more to write has to wait for `room`. */
  get isFull(): boolean {
    return this.socket.bufferedAmount >= FULL_BYTES;
  }

  /** Nobody reads what we have to answer; the memory for it has no other bound than this. */
  get isOverflowing(): boolean {
    return this.socket.bufferedAmount >= OVERFLOW_BYTES;
  }

  /**
   * Writes one message out of pieces of UTF-8. Past ws, which would make two writes of it and of each piece a copy:
   * that is safe because we neither compress nor fragment. What has no open socket to go to is dropped.
   */
  write(pieces: readonly Buffer[]): void {
    if (!this.isOpen) return;
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    const headLength = length < 126 ? 2 : length < 65_536 ? 4 : 10;
    const frame = Buffer.allocUnsafe(headLength + length);
    frame[0] = TEXT_FRAME;
    if (headLength === 2) frame[1] = length;
    else if (headLength === 4) frame.writeUInt16BE(length, frame.writeUInt8(126, 1));
    else frame.writeBigUInt64BE(BigInt(length), frame.writeUInt8(127, 1));
    let at = headLength;
    for (const piece of pieces) {
      frame.set(piece, at);
      at += piece.length;
    }
    this.stream.write(frame);
  }

  /** What `work` writes leaves in one call to the system. */
  together(work: () => void): void {
    this.stream.cork();
    try {
      work();
    } finally {
      this.stream.uncork();
    }
  }

  /** Resolves when what waited was taken, or when the socket is gone. */
  async room(): Promise<void> {
    if (!this.isFull || this.stream.destroyed) return;
    await new Promise<void>((resolve) => (this.waiting ??= []).push(resolve));
  }

  /** Whether `room` resolves before that time is over. */
  async roomWithin(ms: number): Promise<boolean> {
    if (!this.isFull) return true;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(() => {
        resolve(false);
      }, ms).unref();
    });
    const inTime = await Promise.race([this.room().then(() => true), late]);
    clearTimeout(timer);
    return inTime;
  }

  /** Whether something has waited for so long without a byte being taken; to be asked now and then. */
  isStuck(stallMs: number): boolean {
    const now = performance.now();
    const taken = (this.stream.bytesWritten ?? 0) - this.stream.writableLength;
    if (this.socket.bufferedAmount === 0 || taken > this.taken) {
      this.taken = taken;
      this.takenAtMs = now;
      return false;
    }
    return now - this.takenAtMs >= stallMs;
  }
}
