import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type GraphQLFormattedError } from 'graphql';
import { AppError } from '../../kernel';
import type { HttpContext } from './apollo-server';
import { tokenFromHeader } from '../bearer-token';
import type { EdgeMetrics } from '../edge-metrics';
import { guardEarly } from '../limits/early-guard';
import { outcomeOf } from '../errors/error-mask';
import { createRequestContext } from '../request-context';
import type { HttpServerOptions } from '../settings';

type RouteOptions = Pick<HttpServerOptions, 'authenticate' | 'limits' | 'logger' | 'seeds'>;

/** The contexts of requests under way; an entry goes with its request. */
const contexts = new WeakMap<FastifyRequest, HttpContext>();

async function authenticateRequest(request: FastifyRequest, options: RouteOptions): Promise<void> {
  const token = tokenFromHeader(request.headers.authorization);
  const viewer = token === null ? null : await options.authenticate(token);
  const context = createRequestContext({
    scope: viewer?.scope ?? null,
    requestId: request.id,
    logger: options.logger,
    seeds: options.seeds,
  });
  contexts.set(request, { ...context, answer: { stamped: false } });
  const body = request.body as { readonly query?: unknown } | null | undefined;
  guardEarly(body?.query, viewer === null, options.limits);
}

function contextOf(request: FastifyRequest): HttpContext {
  const context = contexts.get(request);
  if (context === undefined) throw new Error('A request reached the handler without a context.');
  return context;
}

/** Apollo answers a request that is no operation (CSRF, no query, a batch) past its plugins: mended here. */
function stampRefusal(request: FastifyRequest, payload: unknown, metrics: EdgeMetrics): unknown {
  const context = contexts.get(request);
  if (context === undefined || context.answer.stamped || typeof payload !== 'string') return payload;
  const body = JSON.parse(payload) as { errors?: GraphQLFormattedError[] };
  metrics.operations.inc({ type: 'none', code: outcomeOf(body.errors) });
  const errors = body.errors?.map((error) => ({
    ...error,
    extensions: { ...error.extensions, requestId: context.requestId },
  }));
  return JSON.stringify({ ...body, errors });
}

/** `POST /graphql`. A token that does not hold ends the request with 401 before Apollo sees it. */
export function registerGraphqlRoute(
  app: FastifyInstance,
  apollo: ApolloServer<HttpContext>,
  options: RouteOptions,
  metrics: EdgeMetrics,
): void {
  app.route({
    method: 'POST',
    url: '/graphql',
    preHandler: (request: FastifyRequest) => authenticateRequest(request, options),
    handler: fastifyApolloHandler(apollo, { context: (request) => Promise.resolve(contextOf(request)) }),
    onSend: (request: FastifyRequest, reply: FastifyReply, payload: unknown) => {
      void reply.header('cache-control', 'no-store');
      return Promise.resolve(stampRefusal(request, payload, metrics));
    },
  });
  app.route({
    method: ['GET', 'PUT', 'PATCH', 'DELETE'],
    url: '/graphql',
    handler: (_request, reply) => {
      void reply.code(405).header('allow', 'POST');
      throw new AppError('INVALID_ARGUMENT', 'Send operations by POST; subscriptions over a WebSocket.');
    },
  });
}
