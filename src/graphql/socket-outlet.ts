import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';

/** Bytes that may wait for a client before no more events are written to it. One frame may go beyond. */
const FULL_BYTES = 128 * 1024;
/** Bytes after which a client is cut off that makes us answer (pings, refusals) and does not read the answers. */
const OVERFLOW_BYTES = 1024 * 1024;
const AS_TEXT = { binary: false } as const;

interface CountedStream extends Duplex {
  /** Of a `net.Socket`: what was handed to the system, and what waits for that. */
  readonly bytesWritten?: number;
}

/** The sending half of one socket, which knows how much its client has not taken yet. */
export class SocketOutlet {
  private taken = 0;
  private takenAtMs = performance.now();
  private readonly waiting = new Set<() => void>();

  /** @param stream the connection below the WebSocket */
  constructor(
    private readonly socket: WebSocket,
    private readonly stream: CountedStream,
  ) {
    const release = (): void => {
      const released = [...this.waiting];
      this.waiting.clear();
      for (const go of released) go();
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

  /** Writes one text frame out of UTF-8. What has no open socket to go to is dropped. */
  write(text: Buffer): void {
    if (this.isOpen) this.socket.send(text, AS_TEXT);
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
    await new Promise<void>((resolve) => this.waiting.add(resolve));
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
