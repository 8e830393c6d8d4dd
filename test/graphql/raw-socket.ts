import { once } from 'node:events';
import { WebSocket } from 'ws';

export const TOKEN = 'token-of-the-administrator-0123456789';

export interface GraphqlError {
  message: string;
  path?: string[];
  locations?: unknown[];
  extensions: { code: string; requestId: string; details?: Record<string, unknown> };
}

interface Listening {
  readonly server: { readonly url: string };
}

export interface SocketMessage {
  id?: string;
  type: string;
  payload?: { data?: unknown; errors?: GraphqlError[] } & GraphqlError[];
}

/** A WebSocket whose messages are read one by one. */
export class RawSocket {
  readonly closed: Promise<{ code: number; reason: string }>;
  private readonly received: SocketMessage[] = [];
  private readonly waiting: ((message: SocketMessage) => void)[] = [];

  private constructor(readonly socket: WebSocket) {
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => {
        resolve({ code, reason: String(reason) });
      });
    });
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(String(data)) as SocketMessage;
      const next = this.waiting.shift();
      if (next) next(message);
      else this.received.push(message);
    });
  }

  static async open(gateway: Listening, headers: Record<string, string> = {}): Promise<RawSocket> {
    const url = `${gateway.server.url.replace('http', 'ws')}/graphql`;
    const raw = new RawSocket(new WebSocket(url, 'graphql-transport-ws', { headers }));
    await once(raw.socket, 'open');
    return raw;
  }

  /** Open and acknowledged. */
  static async ready(gateway: Listening, token = TOKEN): Promise<RawSocket> {
    const raw = await RawSocket.open(gateway);
    raw.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    expect(await raw.next()).toEqual({ type: 'connection_ack' });
    return raw;
  }

  send(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  subscribe(id: string, query: string, variables?: object): void {
    this.send({ id, type: 'subscribe', payload: { query, variables } });
  }

  next(): Promise<SocketMessage> {
    const first = this.received.shift();
    if (first) return Promise.resolve(first);
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}
