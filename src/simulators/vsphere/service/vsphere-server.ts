import type { IncomingMessage, ServerResponse } from 'node:http';
import { SimulatorHttpServer } from '../../network/http-server';
import type { ServerCertificate } from '../../network/http-server';
import type { NetworkFaults } from '../../network/network-faults';
import type { ObjectStore } from '../objects/object-store';
import type { MethodTable } from './method';
import type { MethodRegistry } from './method-registry';
import { serviceVersions } from './service-content';
import type { Sessions } from './sessions';
import type { SoapEndpoint } from './soap-endpoint';

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
  private readonly server: SimulatorHttpServer;
  private readonly routes: HttpRoute[] = [];
  private sweeping: NodeJS.Timeout | null = null;

  constructor(private readonly parts: ServerParts) {
    this.store = parts.store;
    this.faults = parts.faults;
    this.sessions = parts.sessions;
    const { certificate } = parts;
    this.server = new SimulatorHttpServer({
      certificate,
      onError: (error) => parts.onError(error),
      serve: (request, response, signal) => this.route(request, response, signal),
    });
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
    const url = await this.server.start(host, port);
    this.sweeping = setInterval(() => this.sessions.forgetIdle(), SWEEP_MS).unref();
    return url;
  }

  /** While it refuses, every connection is reset, open ones at once. */
  refuseConnections(refusing: boolean): void {
    this.server.refuseConnections(refusing);
  }

  /** Ends every connection and every session. Safe to repeat. */
  async close(): Promise<void> {
    if (this.sweeping) clearInterval(this.sweeping);
    this.sessions.endAll();
    await this.server.close();
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
