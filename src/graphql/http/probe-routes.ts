import type { FastifyInstance } from 'fastify';
import type { EdgeMetrics } from '../edge-metrics';
import type { HttpServerOptions } from '../settings';

type ProbeOptions = Pick<HttpServerOptions, 'readiness' | 'server' | 'logger'>;

/**
 * `/healthz`: the process answers. `/readyz`: it can serve, 503 when not or while it drains. `/metrics`: for
 * Prometheus, without a token as is usual; it tells totals only, never a tenant's name.
 */
export function registerProbeRoutes(
  app: FastifyInstance,
  options: ProbeOptions,
  metrics: EdgeMetrics,
  isDraining: () => boolean,
): void {
  app.get('/healthz', (_request, reply) => reply.send({ status: 'ok' }));

  app.get('/readyz', async (request, reply) => {
    if (isDraining()) return reply.code(503).send({ status: 'draining' });
    try {
      await options.readiness();
      return await reply.send({ status: 'ok' });
    } catch (error) {
      options.logger.warn({ requestId: request.id, err: error }, 'not ready');
      return reply.code(503).send({ status: 'unavailable' });
    }
  });

  if (!options.server.metrics) return;
  app.get('/metrics', async (_request, reply) => {
    const text = await metrics.registry.metrics();
    return reply.type(metrics.registry.contentType).send(text);
  });
}
