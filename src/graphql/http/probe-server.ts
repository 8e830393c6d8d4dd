import { createEdgeMetrics } from '../edge-metrics';
import { createHttpApp } from './http-app';
import { addressOf, drainRequests } from './http-listener';
import type { HttpServer } from './http-server';
import { registerProbeRoutes } from './probe-routes';
import type { HttpServerOptions } from '../settings';

export type ProbeServerOptions = Pick<
  HttpServerOptions,
  'server' | 'limits' | 'logger' | 'readiness' | 'registry'
>;

/**
 * The HTTP side of a process that serves no API: `/healthz`, `/readyz` and `/metrics`, and 404 for all else.
 * @throws the system's error when the address cannot be had
 */
export async function startProbeServer(options: ProbeServerOptions): Promise<HttpServer> {
  const { server, logger } = options;
  const metrics = createEdgeMetrics(options.registry);
  const app = await createHttpApp(options, metrics);
  let draining = false;
  registerProbeRoutes(app, options, metrics, () => draining);
  let closed: Promise<void> | undefined;
  const close = async (reason: string): Promise<void> => {
    draining = true;
    logger.info({ reason }, 'closing');
    await drainRequests(app, server.drainMs);
  };
  await app.listen({ host: server.host, port: server.port });
  return {
    ...addressOf(app),
    registry: metrics.registry,
    startDraining: () => {
      draining = true;
    },
    close: ({ reason = 'Service restarting' } = {}) => (closed ??= close(reason)),
  };
}
