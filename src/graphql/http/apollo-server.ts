import {
  ApolloServer,
  type ApolloServerPlugin,
  type BaseContext,
  type GraphQLRequestContextDidEncounterErrors,
  type GraphQLRequestContextDidResolveOperation,
  type GraphQLRequestContextWillSendResponse,
} from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { GraphQLError, NoSchemaIntrospectionCustomRule } from 'graphql';
import { toAppError } from '../../kernel';
import type { EdgeMetrics } from '../edge-metrics';
import { logFaults, maskError, outcomeOf } from '../errors/error-mask';
import { guardOperation, type OperationLimits } from '../limits/operation-guard';
import type { RequestContext } from '../request-context';
import type { HttpServerOptions } from '../settings';

/** The context of an HTTP operation. Apollo hands its plugins a shallow copy, so the mark is an object. */
export interface HttpContext extends RequestContext {
  /** `stamped`: Apollo got as far as an answer of the operation's own, whose errors carry the request id. */
  readonly answer: { stamped: boolean };
}

function guard(
  context: GraphQLRequestContextDidResolveOperation<HttpContext>,
  limits: OperationLimits,
): void {
  const { schema, document, operation, request } = context;
  // Without an operation (none of that name) Apollo refuses the request itself.
  if (operation === undefined) return;
  try {
    guardOperation({ schema, document, operation, variables: request.variables ?? {} }, limits, 'http');
  } catch (error) {
    const originalError = toAppError(error);
    throw new GraphQLError(originalError.message, { originalError, extensions: { http: { status: 400 } } });
  }
}

/** Apollo's `formatError` does not know the request, so its id is added when the answer is complete. */
function stamp(context: GraphQLRequestContextWillSendResponse<HttpContext>): string {
  const { body } = context.response;
  const errors = body.kind === 'single' ? body.singleResult.errors : undefined;
  for (const error of errors ?? []) {
    if (error.extensions) error.extensions['requestId'] = context.contextValue.requestId;
  }
  context.contextValue.answer.stamped = true;
  return outcomeOf(errors);
}

function edgePlugin(limits: OperationLimits, metrics: EdgeMetrics): ApolloServerPlugin<HttpContext> {
  const listener = {
    didResolveOperation(context: GraphQLRequestContextDidResolveOperation<HttpContext>): Promise<void> {
      guard(context, limits);
      return Promise.resolve();
    },
    didEncounterErrors(context: GraphQLRequestContextDidEncounterErrors<HttpContext>): Promise<void> {
      logFaults(context.errors, context.contextValue.logger);
      return Promise.resolve();
    },
    willSendResponse(context: GraphQLRequestContextWillSendResponse<HttpContext>): Promise<void> {
      metrics.operations.inc({ type: context.operation?.operation ?? 'none', code: stamp(context) });
      return Promise.resolve();
    },
  };
  return { requestDidStart: () => Promise.resolve(listener) };
}

/** Apollo with everything off that would answer to anybody but our clients. Not started yet. */
export function createApolloServer(
  options: Pick<HttpServerOptions, 'schema' | 'server' | 'limits' | 'logger'>,
  metrics: EdgeMetrics,
): ApolloServer<HttpContext> {
  const { schema, server, limits, logger } = options;
  const say = (level: 'debug' | 'info' | 'warn' | 'error') => (message?: unknown) =>
    logger[level]({}, String(message));
  const suggestions = server.introspection;
  return new ApolloServer<BaseContext & HttpContext>({
    schema,
    // Refused by graphql-js' own rule below, whose wording is the same on both transports.
    introspection: true,
    validationRules: server.introspection ? [] : [NoSchemaIntrospectionCustomRule],
    parseOptions: { maxTokens: limits.maxTokens },
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    logger: { debug: say('debug'), info: say('debug'), warn: say('warn'), error: say('error') },
    formatError: (formatted, error) => maskError(error, formatted, { suggestions }),
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      edgePlugin(limits, metrics),
    ],
  });
}
