import { mkdtemp, rm } from 'node:fs/promises';
import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RawFrame } from './frames';
import { cutFrames, errorPayload, frameBytes, KEEPALIVE, u32 } from './frames';

const CALL = 0;
const REPLY = 1;
const MESSAGE = 2;
const STREAM = 3;

/** Numbers of the handshake: AUTH_LIST, SUPPORTS_FEATURE, CONNECT_OPEN, GET_LIB_VERSION. */
const HANDSHAKE = { authList: 66, feature: 60, open: 1, libVersion: 157 } as const;

export type CallHandler = (call: RawFrame, peer: FakePeer) => void;

/** One connected client, as the server sees it. */
export class FakePeer {
  /** Everything received that is not part of the handshake. */
  readonly frames: RawFrame[] = [];
  private rest: Buffer = Buffer.alloc(0);

  constructor(
    readonly socket: Socket,
    private readonly onFrame: (frame: RawFrame, peer: FakePeer) => void,
  ) {
    socket.on('data', (piece) => this.onData(piece));
    socket.on('error', () => undefined);
  }

  reply(call: RawFrame, payload: Buffer = Buffer.alloc(0)): void {
    this.raw(frameBytes({ ...call, type: REPLY, status: 0, payload }));
  }

  replyError(call: RawFrame, code: number, message: string): void {
    this.raw(frameBytes({ ...call, type: REPLY, status: 1, payload: errorPayload(code, message) }));
  }

  push(procedure: number, payload: Buffer): void {
    this.raw(frameBytes({ procedure, type: MESSAGE, payload }));
  }

  stream(call: RawFrame, status: 0 | 1 | 2, payload: Buffer = Buffer.alloc(0)): void {
    this.raw(frameBytes({ ...call, type: STREAM, status, payload }));
  }

  ping(): void {
    this.raw(frameBytes({ program: KEEPALIVE, procedure: 1, type: MESSAGE }));
  }

  raw(bytes: Buffer): void {
    this.socket.write(bytes);
  }

  /** Sends what was written, then ends the connection. */
  cut(): void {
    this.socket.end();
  }

  private onData(piece: Buffer): void {
    const { frames, rest } = cutFrames(Buffer.concat([this.rest, piece]));
    this.rest = rest;
    for (const frame of frames) this.onFrame(frame, this);
  }
}

/**
 * A server that speaks libvirt's RPC over a real UNIX socket and does what a test's script says. The handshake
 * works unless the script says otherwise; a call without a handler is never answered.
 */
export class FakeRpcServer {
  readonly peers: FakePeer[] = [];
  private readonly handlers = new Map<number, CallHandler>();
  private readonly waiting: { count: number; wake: () => void }[] = [];
  private server: Server | null = null;

  private constructor(private readonly directory: string) {
    this.on(HANDSHAKE.authList, (call, peer) => peer.reply(call, u32(1, 0)));
    this.on(HANDSHAKE.feature, (call, peer) => peer.reply(call, u32(1)));
    this.on(HANDSHAKE.open, (call, peer) => peer.reply(call));
    this.on(HANDSHAKE.libVersion, (call, peer) => peer.reply(call, u32(0, 9_000_000)));
  }

  static async start(): Promise<FakeRpcServer> {
    const server = new FakeRpcServer(await mkdtemp(join(tmpdir(), 'fake-rpc-')));
    await server.listen();
    return server;
  }

  get uri(): string {
    return `test+unix:///default?socket=${join(this.directory, 'socket')}`;
  }

  /** The most recent client. */
  get peer(): FakePeer {
    return this.peers.at(-1)!;
  }

  on(procedure: number, handler: CallHandler): void {
    this.handlers.set(procedure, handler);
  }

  /** Waits until so many calls, and streams' frames, have arrived at the most recent client in all. */
  async received(count: number): Promise<readonly RawFrame[]> {
    while ((this.peers.at(-1)?.frames.length ?? 0) < count) {
      await new Promise<void>((wake) => this.waiting.push({ count, wake }));
    }
    return this.peer.frames;
  }

  listen(): Promise<void> {
    this.server = createServer((socket) => {
      this.peers.push(new FakePeer(socket, (frame, peer) => this.onFrame(frame, peer)));
    });
    return new Promise((resolve) => this.server!.listen(join(this.directory, 'socket'), resolve));
  }

  /** Nobody listens any more, and every client is cut off. */
  async down(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server!.close(() => resolve()));
    for (const { socket } of this.peers) socket.destroy();
    await closed;
  }

  async stop(): Promise<void> {
    await this.down();
    await rm(this.directory, { recursive: true, force: true });
  }

  private onFrame(frame: RawFrame, peer: FakePeer): void {
    const handshake =
      (Object.values(HANDSHAKE) as number[]).includes(frame.procedure) && frame.program !== KEEPALIVE;
    if (!handshake) peer.frames.push(frame);
    if (frame.type === CALL) this.handlers.get(frame.procedure)?.(frame, peer);
    for (const { wake } of this.waiting.splice(0)) wake();
  }
}
