import { createClient } from 'graphql-ws';
import type { Client } from 'graphql-ws';
import { WebSocket } from 'ws';

type Variables = Readonly<Record<string, unknown>>;
// A test knows what it asked for.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Data = any;

interface Problem {
  readonly message: string;
  readonly extensions?: { readonly code?: string; readonly details?: Readonly<Record<string, unknown>> };
}

/** What the API answered instead of data. */
export class RefusedRequest extends Error {
  readonly code: string | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(problem: Problem) {
    super(problem.message);
    this.name = 'RefusedRequest';
    this.code = problem.extensions?.code;
    this.details = problem.extensions?.details;
  }
}

/** How a socket ended. */
export interface SocketEnd {
  readonly code: number;
  readonly reason: string;
}

/** One caller of a gateway, who may come and go and change its address. */
export class GatewayClient {
  constructor(
    private readonly url: () => string,
    private readonly token: string,
  ) {}

  as(token: string): GatewayClient {
    return new GatewayClient(this.url, token);
  }

  at(url: () => string): GatewayClient {
    return new GatewayClient(url, this.token);
  }

  /** @throws RefusedRequest for an error of the API, TypeError while nobody listens */
  async request(query: string, variables: Variables = {}): Promise<Data> {
    const response = await fetch(`${this.url()}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.token}` },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as { data?: Data; errors?: readonly Problem[] };
    if (errors?.[0]) throw new RefusedRequest(errors[0]);
    return data;
  }

  /** One subscription over a WebSocket of its own. */
  subscribe(query: string, variables: Variables = {}): EventSource {
    const client = this.socket();
    return new EventSource(client, client.iterate<Data>({ query, variables }));
  }

  /** A WebSocket that is opened with the first operation and never comes back by itself. */
  socket(onClosed: (end: SocketEnd) => void = () => undefined): Client {
    return createClient({
      url: `${this.url().replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${this.token}` },
      retryAttempts: 0,
      on: { closed: (event) => onClosed(event as SocketEnd) },
    });
  }
}

/** The events of one subscription, one at a time. */
export class EventSource {
  constructor(
    private readonly client: Client,
    private readonly results: AsyncIterableIterator<{ readonly data?: Data; readonly errors?: unknown }>,
  ) {}

  /**
   * The data of the next event; null after the last one.
   * @throws RefusedRequest for an error of the API, and a `SocketEnd` when the socket breaks
   */
  async next(): Promise<Data> {
    const { value, done } = await this.results.next().catch((error: unknown) => {
      throw Array.isArray(error) ? new RefusedRequest(error[0] as Problem) : error;
    });
    if (done) return null;
    if (Array.isArray(value.errors)) throw new RefusedRequest(value.errors[0] as Problem);
    return value.data;
  }

  /** The next event that is as wanted; those before it are passed over. */
  async until(wanted: (data: Data) => boolean): Promise<Data> {
    for (;;) {
      const data = await this.next();
      if (data === null) throw new Error('The stream ended before what was waited for.');
      if (wanted(data)) return data;
    }
  }

  async close(): Promise<void> {
    await this.results.return?.();
    await this.client.dispose();
  }
}
