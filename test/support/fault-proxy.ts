import { once } from 'node:events';
import { createConnection, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** Which replies a fault is for. */
export interface Replies {
  /** Those to requests that hold this text, which has to be legible: no TLS, no gzip. Any reply when absent. */
  readonly to?: string;
}

interface Fault extends Replies {
  /** How much of the reply passes before it happens. */
  readonly afterBytes: number;
  readonly strike: (connection: Connection) => Promise<void>;
}

/** One client's way to the server. */
interface Connection {
  readonly client: Socket;
  readonly server: Socket;
  /** Whose text a request of this connection held. */
  aimedAt: Fault | null;
  /** The end of the last request, for a text that comes in two pieces. */
  tail: string;
}

/** How finely a slow line cuts what it carries. */
const PIECES_PER_SECOND = 20;

/**
 * Stands between clients and a TCP server and is a bad network on request: cuts a reply midway, holds replies
 * back, is slow, refuses. Without a request it passes everything on.
 */
export class FaultProxy {
  private readonly connections = new Set<Connection>();
  private readonly closing = new AbortController();
  private server: Server | null = null;
  private port = 0;
  private total = 0;
  private fault: Fault | null = null;
  private bytesPerSecond = Infinity;
  /** When the line, which all connections share, is free again; milliseconds of the monotonic clock. */
  private freeAt = 0;

  private constructor(private readonly target: { readonly host: string; readonly port: number }) {}

  /** @param url of the server; it need not run yet */
  static async start(url: string): Promise<FaultProxy> {
    const { hostname, port, protocol } = new URL(url);
    const proxy = new FaultProxy({
      host: hostname,
      port: Number(port || (protocol === 'https:' ? 443 : 80)),
    });
    await proxy.accept();
    return proxy;
  }

  /** The URL of the server as it leads through this proxy. */
  through(url: string): string {
    const changed = new URL(url);
    changed.host = `127.0.0.1:${this.port}`;
    return changed.href;
  }

  /** Connections that it has accepted since its start. */
  get accepted(): number {
    return this.total;
  }

  /** Once: ends the connection when that many bytes of a reply have passed. Resolves when it has happened. */
  cutReply({ afterBytes, ...replies }: Replies & { readonly afterBytes: number }): Promise<void> {
    return new Promise((resolve) => {
      const strike = async ({ client, server }: Connection): Promise<void> => {
        this.fault = null;
        client.destroySoon();
        server.destroy();
        resolve();
      };
      this.fault = { ...replies, afterBytes, strike };
    });
  }

  /** The server gets requests and does what they ask, and its replies wait. @returns what lets them go */
  holdReplies(replies: Replies = {}): () => void {
    const released = new AbortController();
    const strike = async (): Promise<void> => {
      if (!released.signal.aborted) await once(released.signal, 'abort', { signal: this.closing.signal });
    };
    const fault = { ...replies, afterBytes: 0, strike };
    this.fault = fault;
    return () => {
      if (this.fault === fault) this.fault = null;
      released.abort();
    };
  }

  /** Replies pass with this many bytes a second from now on, over all connections together. */
  limit(bytesPerSecond: number): void {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Ends every connection and refuses new ones until `accept`. */
  async refuse(): Promise<void> {
    const { server } = this;
    this.server = null;
    for (const { client, server: other } of this.connections) {
      client.destroy();
      other.destroy();
    }
    if (server) await once(server.close(), 'close');
  }

  /** Accepts connections again, on the port that it had. */
  async accept(): Promise<void> {
    if (this.server) return;
    this.server = createServer((client) => void this.carry(client)).listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.refuse();
  }

  private async carry(client: Socket): Promise<void> {
    const connection = { client, server: createConnection(this.target), aimedAt: null, tail: '' };
    this.total += 1;
    this.connections.add(connection);
    // Whichever side fails or ends takes the other with it; that is all there is to do about it.
    await Promise.allSettled([
      pipeline(client, (pieces) => this.requests(connection, pieces), connection.server),
      pipeline(connection.server, (pieces) => this.replies(connection, pieces), client),
    ]);
    this.connections.delete(connection);
  }

  private async *requests(connection: Connection, pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const piece of pieces) {
      const { fault } = this;
      if (fault?.to !== undefined) {
        const seen = connection.tail + piece.toString('latin1');
        if (seen.includes(fault.to)) connection.aimedAt = fault;
        connection.tail = seen.slice(1 - fault.to.length || seen.length);
      }
      yield piece;
    }
  }

  private async *replies(connection: Connection, pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let struck: Fault | null = null;
    let passed = 0;
    for await (const piece of pieces) {
      const fault = this.faultOf(connection);
      if (fault !== struck) [struck, passed] = [fault, 0];
      const safe = fault ? Math.min(piece.length, fault.afterBytes - passed) : piece.length;
      passed += safe;
      yield* this.slowly(piece.subarray(0, safe));
      if (!fault || safe === piece.length) continue;
      await fault.strike(connection);
      if (connection.server.destroyed) return;
      yield* this.slowly(piece.subarray(safe));
    }
  }

  private faultOf(connection: Connection): Fault | null {
    const { fault } = this;
    return fault?.to === undefined || connection.aimedAt === fault ? fault : null;
  }

  private async *slowly(bytes: Buffer): AsyncGenerator<Buffer> {
    let rest = bytes;
    while (rest.length > 0) {
      const most = Math.max(1, Math.floor(this.bytesPerSecond / PIECES_PER_SECOND));
      const piece = rest.subarray(0, most);
      rest = rest.subarray(piece.length);
      const now = performance.now();
      this.freeAt = Math.max(now, this.freeAt) + (piece.length / this.bytesPerSecond) * 1000;
      if (this.freeAt > now) await pause(this.freeAt - now, undefined, { signal: this.closing.signal });
      yield piece;
    }
  }
}
