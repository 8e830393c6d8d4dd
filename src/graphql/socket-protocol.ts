import {
  getOperationAST,
  GraphQLError,
  type GraphQLFormattedError,
  NoSchemaIntrospectionCustomRule,
} from 'graphql';
import { type ExecutionArgs, parse, specifiedRules, validate } from 'graphql';
import type { Context, ServerOptions, SubscribePayload } from 'graphql-ws';
import { AppError } from '../kernel';
import { checkDocumentLimits } from './early-guard';
import type { EdgeMetrics } from './edge-metrics';
import { logFaults, maskError, outcomeOf } from './error-mask';
import { guardOperation } from './operation-guard';
import { createRequestContext, type RequestContext } from './request-context';
import { requestIdFrom } from './request-id';
import type { HttpServerOptions } from './settings';
import type { SocketSession } from './socket-session';
import { subscribeFresh } from './subscribe';

export interface SocketExtra {
  readonly session: SocketSession;
}

type Params = Record<string, unknown>;
type SocketContext = Context<Params, SocketExtra>;
type ProtocolOptions = Pick<HttpServerOptions, 'schema' | 'server' | 'limits' | 'logger' | 'seeds'>;
/** `contextValue` is ours: every operation has its own. */
type SocketExecutionArgs = ExecutionArgs & { contextValue: RequestContext };

/** What graphql-transport-ws leaves to the server: who may connect, what may run, how errors look. */
export class SocketProtocol {
  constructor(
    private readonly options: ProtocolOptions,
    private readonly metrics: EdgeMetrics,
    private readonly initMs: number,
  ) {}

  serverOptions(): ServerOptions<Params, SocketExtra> {
    return {
      connectionInitWaitTimeout: this.initMs,
      onConnect: ({ extra, connectionParams }) => extra.session.open(connectionParams),
      onSubscribe: (socket, _id, payload) => this.prepare(socket, payload),
      subscribe: (args) => this.subscribe(args as SocketExecutionArgs),
      onNext: (_socket, _id, _payload, args, { data, errors }) => {
        if (errors === undefined) return undefined;
        const masked = this.mask(errors, (args as SocketExecutionArgs).contextValue);
        return { ...(data !== undefined && { data }), errors: masked };
      },
      // Errors of `prepare` are masked there, where the operation's request id is known.
      onError: (_socket, _id, _payload, errors) => errors.map((error) => error.toJSON()),
    };
  }

  private contextFor({ session }: SocketExtra): RequestContext {
    return createRequestContext({
      scope: session.viewer?.scope ?? null,
      requestId: requestIdFrom(undefined),
      logger: this.options.logger,
      seeds: this.options.seeds,
    });
  }

  /** What to execute, or the errors for which nothing is. */
  private prepare(socket: SocketContext, payload: SubscribePayload): ExecutionArgs | readonly GraphQLError[] {
    const contextValue = this.contextFor(socket.extra);
    try {
      this.checkQuota(socket);
      const args = this.parse(payload);
      return Array.isArray(args) ? this.refusal(args, contextValue) : { ...args, contextValue };
    } catch (error) {
      return this.refusal([error], contextValue);
    }
  }

  /** @throws RESOURCE_EXHAUSTED; the operation at hand is among the counted */
  private checkQuota({ subscriptions }: SocketContext): void {
    const max = this.options.limits.maxOperationsPerSocket;
    const actual = Object.keys(subscriptions).length;
    if (actual <= max) return;
    throw new AppError('RESOURCE_EXHAUSTED', `This socket runs ${max} operations already; end one first.`, {
      details: { limit: 'operationsPerSocket', max, actual },
    });
  }

  private parse(payload: SubscribePayload): ExecutionArgs | GraphQLError[] {
    const { schema, limits, server } = this.options;
    const document = parse(payload.query, { maxTokens: limits.maxTokens });
    checkDocumentLimits(document, limits);
    const extraRules = server.introspection ? [] : [NoSchemaIntrospectionCustomRule];
    const invalid = validate(schema, document, [...specifiedRules, ...extraRules]);
    if (invalid.length > 0) return [...invalid];
    const operation = getOperationAST(document, payload.operationName);
    if (!operation) throw new AppError('INVALID_ARGUMENT', 'operationName: names no single operation.');
    const variables = payload.variables ?? {};
    // Its cost comes again with each event.
    const maxCost = Math.min(limits.maxCost, limits.maxSubscriptionCost);
    guardOperation({ schema, document, operation, variables }, { ...limits, maxCost }, 'socket');
    return { schema, document, operationName: operation.name?.value ?? null, variableValues: variables };
  }

  private async subscribe(args: SocketExecutionArgs) {
    const { activeSubscriptions, operations } = this.metrics;
    const { scope, requestId } = args.contextValue;
    const { logger, seeds } = this.options;
    const result = await subscribeFresh({
      args,
      contextForEvent: () => createRequestContext({ scope, requestId, logger, seeds }),
      onEnd: () => {
        activeSubscriptions.dec();
      },
    });
    if (Symbol.asyncIterator in result) {
      activeSubscriptions.inc();
      operations.inc({ type: 'subscription', code: 'OK' });
    } else {
      const errors = this.mask(result.errors ?? [], args.contextValue, { quietly: true });
      operations.inc({ type: 'subscription', code: outcomeOf(errors) });
    }
    return result;
  }

  private mask(
    errors: readonly unknown[],
    context: RequestContext,
    { quietly = false } = {},
  ): GraphQLFormattedError[] {
    if (!quietly) logFaults(errors, context.logger);
    const suggestions = this.options.server.introspection;
    return errors.map((error) => {
      const place = error instanceof GraphQLError ? error.toJSON() : {};
      const masked = maskError(error, place, { suggestions });
      return { ...masked, extensions: { ...masked.extensions, requestId: context.requestId } };
    });
  }

  private refusal(errors: readonly unknown[], context: RequestContext): readonly GraphQLError[] {
    const masked = this.mask(errors, context);
    this.metrics.operations.inc({ type: 'subscription', code: outcomeOf(masked) });
    return masked.map(({ message, extensions }, index) => {
      const original = errors[index];
      const place = original instanceof GraphQLError ? original : undefined;
      return new GraphQLError(message, {
        nodes: place?.nodes ?? null,
        source: place?.source ?? null,
        positions: place?.positions ?? null,
        extensions: extensions ?? {},
      });
    });
  }
}
