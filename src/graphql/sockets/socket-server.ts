import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { handleProtocols, makeServer } from 'graphql-ws';
import { type RawData, WebSocket, WebSocketServer } from 'ws';
import type { EdgeMetrics } from '../edge-metrics';
import { errorBody } from '../errors/error-mask';
import { requestIdFrom } from '../request-id';
import { DEFAULT_SOCKET_TIMINGS, type HttpServerOptions, type SocketTimings } from '../settings';
import { isOriginAllowed } from './socket-origin';
import { SocketOutlet } from './socket-outlet';
import { type SocketExtra, SocketProtocol } from './socket-protocol';
import { SocketQuota } from './socket-quota';
import { recheckSessions, SocketSession } from './socket-session';
import { AppError } from '../../kernel';

/** How long a client may take to answer the closing handshake. */
const CLOSE_HANDSHAKE_MS = 2000;
const INTERNAL_ERROR = 4500;
/** How often it is looked within the time in which a client has to read something. */
const STALL_CHECKS = 8;

/** WebSockets on `/graphql` of an HTTP server, speaking graphql-transport-ws; subscriptions only. */
export class SocketServer {
  private readonly sockets: WebSocketServer;
  private readonly sessions = new Map<WebSocket, SocketSession>();
  /** Sockets that have not answered the last ping. */
  private readonly silent = new Set<WebSocket>();
  private readonly protocol: ReturnType<typeof makeServer<Record<string, unknown>, SocketExtra>>;
  private readonly timings: SocketTimings;
  private readonly quota: SocketQuota;
  private readonly timers: NodeJS.Timeout[] = [];
  private closing = false;
  private rechecking = false;

  constructor(
    private readonly options: HttpServerOptions,
    private readonly metrics: EdgeMetrics,
  ) {
    this.timings = { ...DEFAULT_SOCKET_TIMINGS, ...options.timings };
    this.quota = new SocketQuota(options.limits);
    this.protocol = makeServer(new SocketProtocol(options, metrics, this.timings.initMs).serverOptions());
    this.sockets = new WebSocketServer({
      noServer: true,
      maxPayload: options.limits.maxSocketPayloadBytes,
      handleProtocols,
    });
  }

  attach(server: Server): void {
    server.on('upgrade', (request, stream, head) => {
      this.upgrade(request, stream, head);
    });
    const every = (ms: number, work: () => void) => this.timers.push(setInterval(work, ms).unref());
    every(this.timings.pingMs, () => {
      this.ping();
    });
    every(this.timings.recheckMs, () => void this.recheck());
    every(this.timings.stallMs / STALL_CHECKS, () => {
      for (const session of this.sessions.values()) session.closeIfStuck(this.timings.stallMs);
    });
  }

  /** Refuses new sockets and closes the open ones with 1001 and that reason; resolves when all are gone. */
  async close(reason: string): Promise<void> {
    this.closing = true;
    this.timers.forEach(clearInterval);
    await Promise.all([...this.sockets.clients].map((socket) => this.closeOne(socket, reason)));
    this.sockets.close();
  }

  private async closeOne(socket: WebSocket, reason: string): Promise<void> {
    if (socket.readyState === WebSocket.CLOSED) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        socket.terminate();
      }, CLOSE_HANDSHAKE_MS);
      socket.once('close', () => {
        clearTimeout(timer);
        resolve();
      });
      socket.close(1001, reason);
    });
  }

  private upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const refusal = this.refusalOf(request);
    if (refusal === null) {
      this.sockets.handleUpgrade(request, stream, head, (socket) => {
        this.opened(socket, stream);
      });
      return;
    }
    const [status, error] = refusal;
    const requestId = requestIdFrom(request.headers['x-request-id']);
    const body = JSON.stringify(errorBody(error, requestId));
    this.options.logger.info({ requestId, status, code: error.code }, 'websocket refused');
    stream.on('error', () => stream.destroy());
    stream.end(
      `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/json\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\nX-Request-Id: ${requestId}\r\n\r\n${body}`,
    );
  }

  private refusalOf(request: IncomingMessage): readonly [string, AppError] | null {
    if (this.closing)
      return ['503 Service Unavailable', new AppError('UNAVAILABLE', 'The gateway is restarting.')];
    if (request.url?.split('?', 1)[0] !== '/graphql') {
      return ['404 Not Found', new AppError('NOT_FOUND', 'There is no WebSocket here; it is at /graphql.')];
    }
    if (!isOriginAllowed(request, this.options.server.cors.origins)) {
      return ['403 Forbidden', new AppError('PERMISSION_DENIED', 'This origin may not open a WebSocket.')];
    }
    if (this.quota.admitsPending) return null;
    const waiting = 'Too many WebSockets wait for their connection_init.';
    return ['429 Too Many Requests', new AppError('RESOURCE_EXHAUSTED', waiting)];
  }

  private opened(socket: WebSocket, stream: Duplex): void {
    const logger = this.options.logger.child({ socketId: requestIdFrom(undefined) });
    const outlet = new SocketOutlet(socket, stream);
    const session = new SocketSession(socket, outlet, logger, this.options.authenticate, this.quota);
    this.sessions.set(socket, session);
    this.metrics.openSockets.inc();
    // ws closes the socket by itself, with 1009 for a frame that is too large.
    socket.on('error', (err) => {
      logger.warn({ err }, 'websocket error');
    });
    socket.on('pong', () => this.silent.delete(socket));
    // ws answers each by itself.
    socket.on('ping', () => {
      session.closeIfOverflowing();
    });
    const closed = this.speak(socket, session);
    socket.once('close', (code, reason) => {
      this.sessions.delete(socket);
      this.silent.delete(socket);
      this.metrics.openSockets.dec();
      logger.info({ code, reason: String(reason) }, 'websocket closed');
      void closed(code, String(reason)).catch((err: unknown) => {
        logger.error({ err }, 'a subscription did not end well');
      });
    });
    logger.info({}, 'websocket opened');
  }

  /** Connects one socket to the protocol; the answer is to be called when it has closed. */
  private speak(socket: WebSocket, session: SocketSession) {
    return this.protocol.opened(
      {
        protocol: socket.protocol,
        send: (text) =>
          new Promise((resolve, reject) => {
            if (socket.readyState !== WebSocket.OPEN) resolve();
            else socket.send(text, (error) => (error ? reject(error) : resolve()));
          }),
        close: (code, reason) => {
          socket.close(code, reason);
        },
        onMessage: (receive) => {
          socket.on('message', (data: RawData) => {
            session.closeIfOverflowing();
            receive((data as Buffer).toString('utf8')).catch((err: unknown) => {
              session.logger.error({ err }, 'a websocket message failed');
              socket.close(INTERNAL_ERROR, 'INTERNAL');
            });
          });
        },
      },
      { session },
    );
  }

  private ping(): void {
    for (const socket of this.sockets.clients) {
      if (this.silent.has(socket)) {
        socket.terminate();
      } else {
        this.silent.add(socket);
        socket.ping();
      }
    }
  }

  private async recheck(): Promise<void> {
    if (this.rechecking) return;
    this.rechecking = true;
    try {
      await recheckSessions(this.sessions.values(), this.options.authenticate);
    } finally {
      this.rechecking = false;
    }
  }
}
