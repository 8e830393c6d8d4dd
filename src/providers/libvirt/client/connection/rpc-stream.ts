import { decodeError } from '../codecs/error';
import { LibvirtConnectionError, LibvirtTimeoutError } from '../errors';
import { PROGRAM } from '../procedures';
import { RECEIVE_BUFFER_BYTES } from '../transports/receive-buffer';
import type { Frame, FrameHeader } from '../wire/frame';
import { FRAME_STATUS, FRAME_TYPE, MAX_STREAM_CHUNK_BYTES } from '../wire/frame';
import { XdrReader } from '../wire/xdr-reader';
import type { RpcConnection, StreamSink } from './rpc-connection';

/** Received bytes that wait for their reader: above this the socket is paused. */
const HIGH_WATER_BYTES = 1_048_576;

/**
 * A stream opened by a call, whose procedure and serial its frames repeat:
 *
 *     STREAM/CONTINUE with bytes     data, in either direction
 *     STREAM/CONTINUE without bytes  the sender has no more
 *     STREAM/OK                      finish, answered by STREAM/OK
 *     STREAM/ERROR                   abort; from the server: an error as in a reply
 */
export class RpcStream implements StreamSink {
  private readonly received: Buffer[] = [];
  private receivedBytes = 0;
  private paused = false;
  private ended = false;
  private finished = false;
  private failure: { readonly reason: unknown } | null = null;
  /** Wakes whoever waits for data, room or the end. */
  private wake: () => void = () => undefined;

  constructor(
    private readonly connection: RpcConnection,
    private readonly procedure: number,
    private readonly serial: number,
    /** The longest silence that is taken for life. */
    private readonly stallTimeoutMs: number,
  ) {
    connection.attachStream(serial, this);
  }

  /**
   * Sends bytes, in frames of at most 262,120, and waits while the socket is full.
   * @throws LibvirtError as soon as the server has given up, for example 38 for a full disk
   */
  async send(data: Uint8Array): Promise<void> {
    for (let offset = 0; offset < data.length; offset += MAX_STREAM_CHUNK_BYTES) {
      this.throwIfFailed();
      const chunk = data.subarray(offset, offset + MAX_STREAM_CHUNK_BYTES);
      const room = this.connection.writeStreamData(this.header(FRAME_STATUS.CONTINUE), chunk);
      if (!room) await this.drained();
    }
    this.throwIfFailed();
  }

  /** The next bytes; null at the end. @throws LibvirtError, LibvirtConnectionError, LibvirtTimeoutError */
  async receive(): Promise<Buffer | null> {
    while (this.received.length === 0) {
      this.throwIfFailed();
      if (this.ended || this.finished) return null;
      await this.nextChange();
    }
    const chunk = this.received.shift()!;
    this.receivedBytes -= chunk.length;
    if (this.paused && this.receivedBytes < HIGH_WATER_BYTES / 2) {
      this.paused = false;
      this.connection.resume();
    }
    return chunk;
  }

  /** Says that all is sent or read, and waits until the server confirms that it has done its part. */
  async finish(): Promise<void> {
    this.throwIfFailed();
    this.connection.writeFrame(this.header(FRAME_STATUS.OK));
    while (!this.finished) {
      this.throwIfFailed();
      await this.nextChange();
    }
  }

  /**
   * Gives up; the server stops as soon as it reads this. Harmless after the end.
   * @param reason what whoever waits for this stream is thrown
   */
  abort(reason: unknown = new LibvirtConnectionError('The stream was aborted.', { retriable: false })): void {
    if (this.finished || this.failure !== null) return;
    this.connection.writeFrame(this.header(FRAME_STATUS.ERROR));
    this.fail(reason);
  }

  onStreamFrame(frame: Frame): void {
    if (this.failure !== null || this.finished) return;
    if (frame.status === FRAME_STATUS.ERROR) return this.fail(decodeError(new XdrReader(frame.payload)));
    if (frame.status === FRAME_STATUS.OK) this.finished = true;
    else if (frame.payload.length === 0) this.ended = true;
    else this.keep(frame.payload);
    if (this.finished) this.connection.detachStream(this.serial);
    this.wake();
  }

  onConnectionClosed(error: LibvirtConnectionError): void {
    this.fail(error.forCall(true));
  }

  private throwIfFailed(): void {
    if (this.failure !== null) throw this.failure.reason;
  }

  private keep(bytes: Buffer): void {
    // A frame that fits into the receive buffer may be a view of it, and would change with the next read.
    this.received.push(bytes.length < RECEIVE_BUFFER_BYTES ? Buffer.from(bytes) : bytes);
    this.receivedBytes += bytes.length;
    if (this.receivedBytes >= HIGH_WATER_BYTES && !this.paused) {
      this.paused = true;
      this.connection.pause();
    }
  }

  private fail(reason: unknown): void {
    if (this.failure !== null || this.finished) return;
    this.failure = { reason };
    this.connection.detachStream(this.serial);
    this.wake();
  }

  /** Until the next frame of this stream or its failure; a silence that lasts too long is one. */
  private nextChange(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.stall(), this.stallTimeoutMs);
      this.wake = () => {
        clearTimeout(timer);
        this.wake = () => undefined;
        resolve();
      };
    });
  }

  private async drained(): Promise<void> {
    this.connection.onceDrained(() => this.wake());
    await this.nextChange();
  }

  private stall(): void {
    const message = `The stream stood still for ${this.stallTimeoutMs} ms.`;
    this.fail(new LibvirtTimeoutError(message, this.stallTimeoutMs, true));
  }

  private header(status: number): FrameHeader {
    return {
      program: PROGRAM.remote,
      procedure: this.procedure,
      type: FRAME_TYPE.STREAM,
      serial: this.serial,
      status,
    };
  }
}
