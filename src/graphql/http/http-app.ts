import cors from '@fastify/cors';
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { EdgeMetrics } from '../edge-metrics';
import { answerClientError, answerError, registerErrorHandlers } from './http-errors';
import { requestIdFrom } from '../request-id';
import type { HttpServerOptions } from '../settings';

type AppOptions = Pick<HttpServerOptions, 'server' | 'limits' | 'logger'>;

/** Asked for every few seconds by machines; worth a line only to whoever looks closely. */
const QUIET_ROUTES: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

const PREFLIGHT_SECONDS = 600;
/** For a whole request to arrive, so that trickling clients do not hold sockets. */
const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;
/** How often Node looks for requests that take too long; by default only every 30 s. */
const TIMEOUT_CHECK_MS = 5_000;

function registerHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done) => {
    void reply.headers({
      'x-request-id': request.id,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    done();
  });
}

/** One line and one observation for each request. The query string stays out: people put tokens there. */
function registerAccessLog(app: FastifyInstance, { logger }: AppOptions, metrics: EdgeMetrics): void {
  app.addHook('onResponse', (request: FastifyRequest, reply: FastifyReply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    const { method, id: requestId, ip } = request;
    const { statusCode: status, elapsedTime } = reply;
    metrics.httpSeconds.observe({ method, route, status }, elapsedTime / 1000);
    const path = request.url.split('?', 1)[0];
    const durationMs = Math.round(elapsedTime * 1000) / 1000;
    const level = QUIET_ROUTES.has(route) ? 'debug' : 'info';
    logger[level]({ requestId, method, path, status, durationMs, ip }, 'request');
    done();
  });
}

/** Fastify with what all routes share; the routes are the caller's. */
export async function createHttpApp(options: AppOptions, metrics: EdgeMetrics): Promise<FastifyInstance> {
  const { server, limits, logger } = options;
  const app = fastify({
    logger: false,
    bodyLimit: limits.maxBodyBytes,
    trustProxy: server.trustProxy,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS, connectionsCheckingInterval: TIMEOUT_CHECK_MS },
    forceCloseConnections: 'idle',
    requestIdHeader: false,
    frameworkErrors: (error, request, reply) => {
      answerError(error, request, reply, { logger, maxBodyBytes: limits.maxBodyBytes });
    },
    clientErrorHandler: (error, socket) => {
      answerClientError(error, socket, logger);
    },
    genReqId: (request) => requestIdFrom(request.headers['x-request-id']),
  });
  // Only JSON: a form or plain text needs no preflight, and so could come from any page.
  app.removeContentTypeParser('text/plain');
  registerHeaders(app);
  registerAccessLog(app, options, metrics);
  registerErrorHandlers(app, logger, limits.maxBodyBytes);
  await app.register(cors, {
    origin: [...server.cors.origins],
    methods: ['POST'],
    allowedHeaders: ['authorization', 'content-type', 'x-request-id', 'apollo-require-preflight'],
    exposedHeaders: ['x-request-id'],
    maxAge: PREFLIGHT_SECONDS,
  });
  return app;
}
