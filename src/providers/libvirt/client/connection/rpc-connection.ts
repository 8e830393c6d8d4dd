import type { Socket } from 'node:net';
import { LibvirtConnectionError } from '../errors';
import type { CallOptions } from '../options';
import { PROGRAM, PROTOCOL_VERSION } from '../procedures';
import type { Frame, FrameHeader } from '../wire/frame';
import { FRAME_STATUS, FRAME_TYPE, MalformedFrameError, MAX_FRAME_BYTES } from '../wire/frame';
import { FrameReader } from '../wire/frame-reader';
import { XdrError } from '../wire/xdr-error';
import { XdrReader } from '../wire/xdr-reader';
import { XdrWriter } from '../wire/xdr-writer';
import { CallTable } from './call-table';
import type { Caller, Decode, Encode } from './caller';
import { Keepalive } from './keepalive';

export interface RpcConnectionOptions {
  readonly maxInFlight: number;
  readonly callTimeoutMs: number;
  readonly keepaliveIntervalMs: number;
  readonly keepaliveMissedMax: number;
}

/** Takes the frames of one stream. */
export interface StreamSink {
  onStreamFrame(frame: Frame): void;
  onConnectionClosed(error: LibvirtConnectionError): void;
}

/** One connected socket that speaks RPC. It ends once and for all: nothing here connects anew. */
export class RpcConnection implements Caller {
  /** Told of each pushed event. */
  onEvent: (procedure: number, payload: XdrReader) => void = () => undefined;
  /** Told once, with the reason. */
  onClosed: (error: LibvirtConnectionError) => void = () => undefined;
  readonly keepalive: Keepalive;

  private readonly reader = new FrameReader();
  private readonly outbox = new XdrWriter(65_536);
  private readonly calls: CallTable;
  private readonly streams = new Map<number, StreamSink>();
  private flushScheduled = false;
  private failure: LibvirtConnectionError | null = null;
  private lastSerial = 0;

  constructor(
    private readonly socket: Socket,
    options: RpcConnectionOptions,
  ) {
    this.keepalive = new Keepalive({
      intervalMs: options.keepaliveIntervalMs,
      missedMax: options.keepaliveMissedMax,
      send: (header) => this.writeFrame(header),
      onDead: () => this.fail(new LibvirtConnectionError('The daemon no longer answers the keepalive.')),
    });
    this.calls = new CallTable({
      maxInFlight: options.maxInFlight,
      callTimeoutMs: options.callTimeoutMs,
      send: (call) => {
        call.serial = this.sendCall(call.procedure, call.encode);
      },
      onStalled: () =>
        this.fail(
          new LibvirtConnectionError('The connection is full of calls that the daemon never answered.'),
        ),
    });
    // A piece may be a view of a buffer that the next read overwrites; all frames are decoded before that.
    socket.on('data', (piece: Buffer) => this.onData(piece));
    socket.on('error', (cause) =>
      this.fail(new LibvirtConnectionError(`Connection lost: ${cause.message}`, { cause })),
    );
    socket.on('close', () => this.fail(new LibvirtConnectionError(this.endMessage())));
  }

  get closed(): boolean {
    return this.failure !== null;
  }

  call<T>(procedure: number, encode: Encode, decode: Decode<T>, options?: CallOptions): Promise<T> {
    if (this.failure !== null) return Promise.reject(this.failure.forCall(false));
    return this.calls.submit(procedure, encode, decode, options);
  }

  /** From now on the frames of the stream that the call with this serial opened go to `sink`. */
  attachStream(serial: number, sink: StreamSink): void {
    this.streams.set(serial, sink);
  }

  detachStream(serial: number): void {
    this.streams.delete(serial);
  }

  /** Puts a frame into the batch of this turn of the event loop. */
  writeFrame(header: FrameHeader, encode?: Encode): void {
    const start = this.outbox.length;
    try {
      this.beginFrame(header, 0);
      encode?.(this.outbox, header.serial);
      const length = this.outbox.length - start;
      if (length > MAX_FRAME_BYTES)
        throw new XdrError(`A message of ${length} bytes exceeds ${MAX_FRAME_BYTES}.`);
      this.outbox.patchU32(start, length);
    } catch (error) {
      this.outbox.truncate(start);
      throw error;
    }
    this.scheduleFlush();
  }

  /** Sends raw stream data at once; false says that the socket is full and `drained` should be awaited. */
  writeStreamData(header: FrameHeader, data: Uint8Array): boolean {
    this.beginFrame(header, data.length);
    this.socket.cork();
    this.flush();
    const room = this.socket.write(data);
    this.socket.uncork();
    return room;
  }

  /** Calls back once, when the socket has sent what it held. */
  onceDrained(listener: () => void): void {
    this.socket.once('drain', listener);
  }

  /** Stops and resumes receiving: how a slow reader slows the daemon down. */
  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  /** Sends what is batched and ends the connection; calls under way fail. */
  close(): void {
    if (this.failure !== null) return;
    this.flush();
    this.fail(new LibvirtConnectionError('The connection was closed.', { retriable: false }), true);
  }

  /** Ends the connection for the given reason. Only the first reason counts. */
  fail(error: LibvirtConnectionError, graceful = false): void {
    if (this.failure !== null) return;
    this.failure = error;
    this.keepalive.stop();
    if (graceful) this.socket.end(() => this.socket.destroy());
    else this.socket.destroy();
    this.calls.failAll(error);
    for (const sink of this.streams.values()) sink.onConnectionClosed(error);
    this.streams.clear();
    this.onClosed(error);
  }

  private sendCall(procedure: number, encode: Encode): number {
    const serial = this.lastSerial === 0xffffffff ? 1 : this.lastSerial + 1;
    const header = {
      program: PROGRAM.remote,
      procedure,
      type: FRAME_TYPE.CALL,
      serial,
      status: FRAME_STATUS.OK,
    };
    this.writeFrame(header, encode);
    this.lastSerial = serial;
    return serial;
  }

  private beginFrame(header: FrameHeader, payloadBytes: number): void {
    this.outbox.u32(28 + payloadBytes);
    this.outbox.u32(header.program);
    this.outbox.u32(PROTOCOL_VERSION);
    this.outbox.u32(header.procedure);
    this.outbox.u32(header.type);
    this.outbox.u32(header.serial);
    this.outbox.u32(header.status);
  }

  private scheduleFlush(): void {
    if (this.flushScheduled) return;
    this.flushScheduled = true;
    process.nextTick(() => this.flush());
  }

  private flush(): void {
    this.flushScheduled = false;
    if (this.failure === null && this.outbox.length > 0) this.socket.write(this.outbox.take());
  }

  private onData(piece: Buffer): void {
    if (this.failure !== null) return;
    this.keepalive.noteReceived();
    try {
      this.reader.push(piece, (frame) => this.onFrame(frame));
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      this.fail(new LibvirtConnectionError(`The peer broke the protocol: ${reason}`, { cause }));
    }
  }

  private onFrame(frame: Frame): void {
    if (this.failure !== null) return;
    if (frame.program === PROGRAM.keepalive) return this.keepalive.onFrame(frame);
    if (frame.program !== PROGRAM.remote)
      throw new MalformedFrameError(`A frame of the program ${frame.program}.`);
    switch (frame.type) {
      case FRAME_TYPE.REPLY:
        return this.calls.answer(frame);
      case FRAME_TYPE.MESSAGE:
        return this.onEvent(frame.procedure, new XdrReader(frame.payload));
      case FRAME_TYPE.STREAM:
        return this.streams.get(frame.serial)?.onStreamFrame(frame);
      default:
        throw new MalformedFrameError(`A frame of the type ${frame.type}.`);
    }
  }

  private endMessage(): string {
    return this.reader.atBoundary
      ? 'The daemon closed the connection.'
      : 'The daemon closed the connection in the middle of a frame.';
  }
}
