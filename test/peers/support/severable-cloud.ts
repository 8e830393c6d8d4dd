import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FaultProxy } from '../../support/fault-proxy';

/** The origins in a catalog: each service has a port of its own. */
const ORIGIN = /"url": ?"(https?:\/\/[^/"]+)/g;
/** Of no use behind a proxy that reads and writes bodies as a whole. */
const HOP_HEADERS = new Set(['connection', 'content-length', 'host', 'keep-alive', 'transfer-encoding']);

/**
 * Stands before all services of a cloud, so that it can be cut off: the catalog that Keystone answers with leads through
 * proxies of the services' own.
 */
export class SeverableCloud {
  private readonly services = new Map<string, FaultProxy>();
  private readonly identity: Server;
  private severed = false;

  private constructor(private readonly origin: string) {
    this.identity = createServer((request, response) => {
      this.forward(request, response).catch(() => response.destroy());
    });
  }

  /** @param authUrl Keystone's */
  static async start(authUrl: string): Promise<SeverableCloud> {
    const cloud = new SeverableCloud(new URL(authUrl).origin);
    await once(cloud.identity.listen(0, '127.0.0.1'), 'listening');
    return cloud;
  }

  /** The URL of Keystone as it leads through here. */
  through(authUrl: string): string {
    const changed = new URL(authUrl);
    changed.host = `127.0.0.1:${(this.identity.address() as AddressInfo).port}`;
    return changed.href;
  }

  async sever(severed: boolean): Promise<void> {
    this.severed = severed;
    if (severed) this.identity.closeAllConnections();
    for (const proxy of this.services.values()) await (severed ? proxy.refuse() : proxy.accept());
  }

  async close(): Promise<void> {
    for (const proxy of this.services.values()) await proxy.close();
    this.identity.closeAllConnections();
    await once(this.identity.close(), 'close');
  }

  private async forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.severed) throw new Error('severed');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = 'GET', url = '/' } = request;
    const headers = Object.entries(request.headers).filter(([name]) => !HOP_HEADERS.has(name));
    const answer = await fetch(`${this.origin}${url}`, {
      method,
      headers: headers.map(([name, value]): [string, string] => [name, String(value)]),
      ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
    });
    const body = await this.redirected(await answer.text());
    const told = [...answer.headers].filter(
      ([name]) => !HOP_HEADERS.has(name) && name !== 'content-encoding',
    );
    response.writeHead(answer.status, Object.fromEntries(told)).end(body);
  }

  private async redirected(body: string): Promise<string> {
    let changed = body;
    for (const origin of new Set([...body.matchAll(ORIGIN)].map(([, found = '']) => found))) {
      if (origin === this.origin) continue;
      const known = this.services.get(origin) ?? (await FaultProxy.start(origin));
      this.services.set(origin, known);
      changed = changed.replaceAll(origin, new URL(known.through(origin)).origin);
    }
    return changed;
  }
}
