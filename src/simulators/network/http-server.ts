import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

/** PEM. */
export interface ServerCertificate {
  readonly key: string;
  readonly cert: string;
}

export interface SimulatorHttpOptions {
  /** Null: plain HTTP. */
  readonly certificate: ServerCertificate | null;
  /** Answers one request. The signal is aborted when the client hangs up or the server closes. */
  serve(request: IncomingMessage, response: ServerResponse, signal: AbortSignal): Promise<void>;
  /** Told of what is a mistake of the simulator itself. */
  onError(error: unknown): void;
}

/** Longer than a client's pool keeps a connection, so that it is never closed under a call that is just being sent. */
const KEEP_ALIVE_MS = 120_000;

/** The HTTP server of a simulator: it ends at once, and can refuse whoever comes. */
export class SimulatorHttpServer {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private readonly calls = new Set<AbortController>();
  private refusing = false;

  constructor(private readonly options: SimulatorHttpOptions) {
    const listener: RequestListener = (request, response) => void this.serve(request, response);
    this.server = options.certificate
      ? createTlsServer({ ...options.certificate }, listener)
      : createServer(listener);
    this.server.keepAliveTimeout = KEEP_ALIVE_MS;
    this.server.on('connection', (socket: Socket) => this.accept(socket));
  }

  /** @param port 0 lets the system choose. Gives the address that clients connect to, for example `http://127.0.0.1:8989`. */
  async start(host: string, port: number): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject).listen(port, host, resolve);
    });
    const { port: chosen } = this.server.address() as AddressInfo;
    const name = host.includes(':') ? `[${host}]` : host;
    return `${this.options.certificate ? 'https' : 'http'}://${name}:${chosen}`;
  }

  /** While it refuses, every connection is reset, open ones at once. */
  refuseConnections(refusing: boolean): void {
    this.refusing = refusing;
    if (refusing) for (const socket of this.sockets) socket.resetAndDestroy();
  }

  /** Ends every connection. Safe to repeat. */
  async close(): Promise<void> {
    for (const call of this.calls) call.abort();
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private accept(socket: Socket): void {
    if (this.refusing) {
      socket.resetAndDestroy();
      return;
    }
    // A reply is cut off on purpose, or the client goes: no reason to end the process.
    socket.on('error', () => socket.destroy());
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = new AbortController();
    this.calls.add(call);
    response.once('close', () => {
      this.calls.delete(call);
      if (!response.writableFinished) call.abort();
    });
    try {
      await this.options.serve(request, response, call.signal);
    } catch (error) {
      if (!call.signal.aborted) this.options.onError(error);
      response.destroy();
    }
  }
}
