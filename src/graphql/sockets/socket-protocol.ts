import { type ExecutionArgs, type ExecutionResult, getOperationAST, type GraphQLError } from 'graphql';
import type { Context, ServerOptions, SubscribePayload } from 'graphql-ws';
import { AppError } from '../../kernel';
import { DocumentGate } from '../limits/document-gate';
import type { EdgeMetrics } from '../edge-metrics';
import { outcomeOf } from '../errors/error-mask';
import { guardOperation } from '../limits/operation-guard';
import { createRequestContext, type RequestContext } from '../request-context';
import { requestIdFrom } from '../request-id';
import type { HttpServerOptions } from '../settings';
import { SocketErrors } from './socket-errors';
import type { SocketSession } from './socket-session';
import { type SocketExecutionArgs, SocketSubscriptions } from './socket-subscriptions';

export interface SocketExtra {
  readonly session: SocketSession;
}

type Params = Record<string, unknown>;
type SocketContext = Context<Params, SocketExtra>;
type ProtocolOptions = Pick<HttpServerOptions, 'schema' | 'server' | 'limits' | 'logger' | 'seeds'>;

/** What graphql-transport-ws leaves to the server: who may connect, what may run, how errors look. */
export class SocketProtocol {
  private readonly documents: DocumentGate;
  private readonly errors: SocketErrors;
  private readonly subscriptions: SocketSubscriptions;

  constructor(
    private readonly options: ProtocolOptions,
    private readonly metrics: EdgeMetrics,
    private readonly initMs: number,
  ) {
    this.documents = new DocumentGate(options);
    this.errors = new SocketErrors(options.server.introspection);
    this.subscriptions = new SocketSubscriptions(options, this.errors, metrics);
  }

  serverOptions(): ServerOptions<Params, SocketExtra> {
    return {
      connectionInitWaitTimeout: this.initMs,
      onConnect: ({ extra, connectionParams }) => extra.session.open(connectionParams),
      onSubscribe: (socket, id, payload) => this.prepare(socket, id, payload),
      subscribe: (args) => this.subscriptions.start(args as SocketExecutionArgs),
      // Only of what did not begin and of sources that cannot be shared; the others' frames are written without it.
      onNext: (_socket, _id, _payload, args, result) =>
        result.errors &&
        this.errors.payloadOf(result as ExecutionResult, (args as SocketExecutionArgs).contextValue),
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
  private prepare(
    socket: SocketContext,
    id: string,
    payload: SubscribePayload,
  ): ExecutionArgs | readonly GraphQLError[] {
    const contextValue = this.contextFor(socket.extra);
    try {
      this.checkQuota(socket);
      const args = this.parse(payload);
      if (Array.isArray(args)) return this.refusal(args, contextValue);
      return { ...args, contextValue, id, outlet: socket.extra.session.outlet } as SocketExecutionArgs;
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
    const { schema, limits } = this.options;
    const document = this.documents.admit(payload.query);
    if (Array.isArray(document)) return document;
    const operation = getOperationAST(document, payload.operationName);
    if (!operation) throw new AppError('INVALID_ARGUMENT', 'operationName: names no single operation.');
    const variables = payload.variables ?? {};
    // Its cost comes again with each event.
    const maxCost = Math.min(limits.maxCost, limits.maxSubscriptionCost);
    guardOperation({ schema, document, operation, variables }, { ...limits, maxCost }, 'socket');
    return { schema, document, operationName: operation.name?.value ?? null, variableValues: variables };
  }

  private refusal(errors: readonly unknown[], context: RequestContext): readonly GraphQLError[] {
    const masked = this.errors.mask(errors, context);
    this.metrics.operations.inc({ type: 'subscription', code: outcomeOf(masked) });
    return this.errors.asGraphQLErrors(errors, masked);
  }
}
