import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { NetworkFaults } from '../faults/network-faults';
import type { ObjectStore } from '../objects/object-store';
import type { MethodTable } from './method';
import type { MethodRegistry } from './method-registry';
import { serviceVersions } from './service-content';
import type { Sessions } from './sessions';
import type { SoapEndpoint } from './soap-endpoint';

/** PEM. */
export interface ServerCertificate {
  readonly key: string;
  readonly cert: string;
}

/** Answers a request that is not for `/sdk`, such as the upload of a disk; false when it is not for this route either. */
export type HttpRoute = (request: IncomingMessage, response: ServerResponse) => boolean;

interface ServerParts {
  readonly store: ObjectStore;
  readonly registry: MethodRegistry;
  readonly sessions: Sessions;
  readonly faults: NetworkFaults;
  readonly endpoint: SoapEndpoint;
  readonly certificate: ServerCertificate | null;
  onError(error: unknown): void;
}

const SWEEP_MS = 30_000;

/** The server that clients connect to, and the handle by which tests and the command line control it. */
export class VsphereServer {
  /** What the network does wrong, now or by chance. */
  readonly faults: NetworkFaults;
  readonly sessions: Sessions;
  readonly store: ObjectStore;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private readonly routes: HttpRoute[] = [];
  private readonly calls = new Set<AbortController>();
  private sweeping: NodeJS.Timeout | null = null;
  private refusing = false;

  constructor(private readonly parts: ServerParts) {
    this.store = parts.store;
    this.faults = parts.faults;
    this.sessions = parts.sessions;
    const listener: RequestListener = (request, response) => void this.serve(request, response);
    this.server = parts.certificate
      ? createTlsServer({ ...parts.certificate }, listener)
      : createServer(listener);
    this.server.on('connection', (socket: Socket) => this.accept(socket));
  }

  /** Adds methods; may be called before or after the start. */
  registerMethods(table: MethodTable): void {
    this.parts.registry.register(table);
  }

  registerRoute(route: HttpRoute): void {
    this.routes.push(route);
  }

  /** @param port 0 lets the system choose. Gives the address that clients connect to, for example `http://127.0.0.1:8989`. */
  async start(host: string, port: number): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject).listen(port, host, resolve);
    });
    this.sweeping = setInterval(() => this.sessions.forgetIdle(), SWEEP_MS).unref();
    const { port: chosen } = this.server.address() as AddressInfo;
    const name = host.includes(':') ? `[${host}]` : host;
    return `${this.parts.certificate ? 'https' : 'http'}://${name}:${chosen}`;
  }

  /** While it refuses, every connection is reset, open ones at once. */
  refuseConnections(refusing: boolean): void {
    this.refusing = refusing;
    if (refusing) for (const socket of this.sockets) socket.resetAndDestroy();
  }

  /** Ends every connection and every session. Safe to repeat. */
  async close(): Promise<void> {
    for (const call of this.calls) call.abort();
    if (this.sweeping) clearInterval(this.sweeping);
    this.sessions.endAll();
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
      await this.route(request, response, call.signal);
    } catch (error) {
      if (!call.signal.aborted) this.parts.onError(error);
      response.destroy();
    }
  }

  private async route(
    request: IncomingMessage,
    response: ServerResponse,
    signal: AbortSignal,
  ): Promise<void> {
    const [path = ''] = (request.url ?? '').split('?', 1);
    if (request.method === 'POST' && /^\/sdk(\/|\/vimService)?$/.test(path)) {
      await this.parts.endpoint.serve(request, response, signal);
    } else if (request.method === 'GET' && path === '/sdk/vimServiceVersions.xml') {
      response.writeHead(200, { 'Content-Type': 'text/xml' }).end(serviceVersions());
    } else if (!this.routes.some((route) => route(request, response))) {
      response.writeHead(path === '/sdk' ? 405 : 404).end();
    }
  }
}
