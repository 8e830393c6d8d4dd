import type { Registry } from 'prom-client';
import { createApolloServer } from './apollo-server';
import { createEdgeMetrics } from '../edge-metrics';
import { registerGraphqlRoute } from './graphql-route';
import { createHttpApp } from './http-app';
import { addressOf, drainRequests } from './http-listener';
import { registerIde } from './ide-routes';
import { registerProbeRoutes } from './probe-routes';
import type { HttpServerOptions } from '../settings';
import { SocketServer } from '../sockets/socket-server';

/** A gateway that listens. */
export interface HttpServer {
  /** Where it listens, for example `http://127.0.0.1:4000`. */
  readonly url: string;
  readonly port: number;
  /** What `/metrics` shows; further metrics may be registered at any time. */
  readonly registry: Registry;
  /** From now on `/readyz` answers 503, so that a load balancer looks elsewhere; all else goes on. */
  startDraining(): void;
  /**
   * Stops accepting, closes the sockets with 1001 and `reason`, lets running requests finish within
   * `server.drainMs` and then cuts them off. Calling it again waits for the same end.
   */
  close(options?: { readonly reason?: string }): Promise<void>;
}

/**
 * Starts HTTP and WebSockets on one port. Resolves when it listens.
 * @throws the system's error when the address cannot be had
 */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { server, logger } = options;
  const metrics = createEdgeMetrics(options.registry);
  const apollo = createApolloServer(options, metrics);
  await apollo.start();
  const app = await createHttpApp(options, metrics);
  let draining = false;
  let closing = false;
  // A kept-alive connection would hold the server open long after its last answer.
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing) void reply.header('connection', 'close');
    done();
  });
  registerGraphqlRoute(app, apollo, options, metrics);
  registerProbeRoutes(app, options, metrics, () => draining);
  if (server.ide) registerIde(app);
  const sockets = new SocketServer(options, metrics);
  sockets.attach(app.server);

  let closed: Promise<void> | undefined;
  const close = async (reason: string): Promise<void> => {
    draining = true;
    closing = true;
    logger.info({ reason }, 'closing');
    await Promise.all([sockets.close(reason), drainRequests(app, server.drainMs)]);
    await apollo.stop();
  };
  try {
    await app.listen({ host: server.host, port: server.port });
  } catch (error) {
    await close('The address cannot be had');
    throw error;
  }
  return {
    ...addressOf(app),
    registry: metrics.registry,
    startDraining: () => {
      draining = true;
    },
    close: ({ reason = 'Service restarting' } = {}) => (closed ??= close(reason)),
  };
}
