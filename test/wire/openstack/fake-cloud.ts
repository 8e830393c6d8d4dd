import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Received {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Handler = (response: ServerResponse, call: Received) => void;

export function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  const json = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(json);
}

const SIGN_IN = 'POST /v3/auth/tokens';

/**
 * Just enough of a cloud to put a client to the test: it gives a token to whoever asks, refuses those that it does not
 * know, and leaves every other answer to the test's handlers, which are found by `METHOD /path`.
 */
export class FakeCloud {
  readonly calls: Received[] = [];
  readonly tokens = new Set<string>();
  readonly handlers: Record<string, Handler> = {};
  /** What the catalog says of each service besides its URL. */
  catalog: readonly { type: string; url: string; interface?: string; region?: string }[];
  tokenLifeMs = 3_600_000;
  private given = 0;
  private port = 0;

  private constructor(
    private readonly server: Server,
    private readonly scheme: string,
  ) {
    this.catalog = [];
  }

  static async start(handlers: Record<string, Handler> = {}, tls?: ServerOptions): Promise<FakeCloud> {
    const listen: RequestListener = (request, response) => void cloud.receive(request, response);
    const server = tls === undefined ? createServer(listen) : createTlsServer(tls, listen);
    const cloud = new FakeCloud(server, tls === undefined ? 'http' : 'https');
    Object.assign(cloud.handlers, handlers);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cloud.port = (server.address() as AddressInfo).port;
    cloud.catalog = [
      { type: 'compute', url: `${cloud.url}/compute/v2.1` },
      { type: 'network', url: `${cloud.url}/network` },
      { type: 'image', url: `${cloud.url}/image/` },
    ];
    return cloud;
  }

  get url(): string {
    return `${this.scheme}://127.0.0.1:${this.port}`;
  }

  times(request: string): number {
    return this.calls.filter(({ method, path }) => `${method} ${path}` === request).length;
  }

  get signIns(): number {
    return this.times(SIGN_IN);
  }

  /** Safe to repeat. */
  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Gives a token, as Keystone does. */
  signIn(response: ServerResponse): void {
    this.given += 1;
    const token = `token-${this.given}`;
    this.tokens.add(token);
    const issuedAt = Date.parse('2001-01-01T00:00:00Z');
    const catalog = this.catalog.map(({ type, url, interface: visibility = 'public', region = 'one' }) => ({
      type,
      endpoints: [{ interface: visibility, url, region }],
    }));
    const times = {
      issued_at: new Date(issuedAt).toISOString(),
      expires_at: new Date(issuedAt + this.tokenLifeMs).toISOString(),
    };
    send(
      response,
      201,
      { token: { ...times, project: { id: 'project-1' }, catalog } },
      { 'x-subject-token': token },
    );
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const call: Received = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: await text(request),
    };
    this.calls.push(call);
    const name = `${call.method} ${call.path}`;
    const handler = this.handlers[name] ?? (name === SIGN_IN ? () => this.signIn(response) : null);
    if (name !== SIGN_IN && !this.tokens.has(String(call.headers['x-auth-token'])))
      send(response, 401, { error: { code: 401, title: 'Unauthorized', message: 'No.' } });
    else if (handler === null) send(response, 404, '404 Not Found');
    else handler(response, call);
  }
}
