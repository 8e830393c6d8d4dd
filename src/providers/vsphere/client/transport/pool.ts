import { Agent, request } from 'node:http';
import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';
import { connect } from './connect';
import type { Endpoint } from './connect';

/** Kept connections; what exceeds their number waits in order. The sockets are secured before HTTP sees them. */
class PoolAgent extends Agent {
  constructor(
    private readonly endpoint: Endpoint,
    connections: number,
  ) {
    super({ keepAlive: true, maxSockets: connections, maxFreeSockets: connections, scheduling: 'lifo' });
  }

  override createConnection(
    _options: unknown,
    callback?: (error: Error | null, socket: Duplex) => void,
  ): undefined {
    connect(this.endpoint).then(
      (socket) => callback?.(null, socket),
      (error: Error) => callback?.(error, undefined as unknown as Duplex),
    );
  }
}

export interface PoolRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: OutgoingHttpHeaders;
}

export class Pool {
  private readonly agent: PoolAgent;

  constructor(
    private readonly endpoint: Endpoint,
    connections: number,
  ) {
    this.agent = new PoolAgent(endpoint, connections);
  }

  open(options: PoolRequest, onAnswer: (answer: IncomingMessage) => void): ClientRequest {
    const { host, port, tls } = this.endpoint;
    const name = host.includes(':') ? `[${host}]` : host;
    const authority = port === (tls ? 443 : 80) ? name : `${name}:${port}`;
    return request(
      { ...options, agent: this.agent, host, port, headers: { ...options.headers, host: authority } },
      onAnswer,
    );
  }

  /** Ends the connections, those in use as well. */
  destroy(): void {
    this.agent.destroy();
  }
}
