import { Agent, request } from 'node:http';
import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';
import { connect } from './connect';
import type { Admission } from '../options';
import type { Endpoint } from './connect';
import { Slots } from './slots';

/** Keeps connections. The sockets are secured before HTTP sees them. */
class PoolAgent extends Agent {
  constructor(
    private readonly endpoint: Endpoint,
    connections: number,
  ) {
    super({ keepAlive: true, maxFreeSockets: connections, scheduling: 'lifo' });
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
  /** Node's own limit does not count the connections that are still being made. */
  readonly slots: Slots;
  private readonly agent: PoolAgent;

  constructor(
    private readonly endpoint: Endpoint,
    connections: number,
    private readonly admission: Admission | undefined,
  ) {
    this.agent = new PoolAgent(endpoint, connections);
    this.slots = new Slots(connections);
  }

  /** Waits until a request may be sent at all. */
  async admit(signal: AbortSignal): Promise<void> {
    await this.admission?.(signal);
  }

  /** Whoever opens a request has taken one of the slots. */
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
