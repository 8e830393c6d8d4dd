import { execute, type ExecutionArgs, type ExecutionResult } from 'graphql';
import { isResumable, type ResumableSource } from '../../kernel';
import type { EdgeMetrics } from '../edge-metrics';
import { outcomeOf } from '../errors/error-mask';
import { shareKey } from '../limits/operation-shape';
import { RenderedEvents } from '../subscriptions/rendered-events';
import { createRequestContext, type RequestContext, requireScope } from '../request-context';
import type { HttpServerOptions } from '../settings';
import { SharedOperation } from '../subscriptions/shared-operation';
import type { SocketErrors } from './socket-errors';
import type { SocketOutlet } from './socket-outlet';
import { asGraphQLError, openSource, ResultStream } from '../subscriptions/subscribe';
import { SubscriptionDelivery } from '../subscriptions/subscription-delivery';

/** An operation and where its messages go. */
export interface SocketExecutionArgs extends ExecutionArgs {
  readonly contextValue: RequestContext;
  /** Its id on its socket. */
  readonly id: string;
  readonly outlet: SocketOutlet;
}

/** Starts subscriptions, and lets equal ones share one execution. */
export class SocketSubscriptions {
  private readonly shared = new Map<string, SharedOperation>();
  private readonly rendered = new RenderedEvents();

  constructor(
    private readonly options: Pick<HttpServerOptions, 'logger' | 'seeds'>,
    private readonly errors: SocketErrors,
    private readonly metrics: EdgeMetrics,
  ) {}

  async start(args: SocketExecutionArgs): Promise<ExecutionResult | AsyncGenerator<ExecutionResult>> {
    const { activeSubscriptions, operations } = this.metrics;
    const source = await openSource(args);
    if (!(Symbol.asyncIterator in source)) {
      const masked = this.errors.mask(source.errors ?? [], args.contextValue, { quietly: true });
      operations.inc({ type: 'subscription', code: outcomeOf(masked) });
      return source;
    }
    activeSubscriptions.inc();
    operations.inc({ type: 'subscription', code: 'OK' });
    if (isResumable(source)) return this.deliver(args, source);
    return new ResultStream(source[Symbol.asyncIterator](), {
      args,
      contextForEvent: () => this.contextForEvent(args),
      onEnd: () => {
        activeSubscriptions.dec();
      },
    });
  }

  private deliver(args: SocketExecutionArgs, source: ResumableSource<unknown>): SubscriptionDelivery {
    const { id, outlet, contextValue } = args;
    const key = shareKey(args, requireScope(contextValue).audience, source.topic);
    const shared = this.shared.get(key) ?? this.share(key, args, source);
    shared.subscribers += 1;
    const onEnd = (): void => {
      this.metrics.activeSubscriptions.dec();
      shared.subscribers -= 1;
      if (shared.subscribers === 0) this.shared.delete(key);
      this.metrics.sharedSubscriptions.set(this.shared.size);
    };
    return new SubscriptionDelivery({ id, source, shared, outlet, onEnd });
  }

  private share(key: string, args: SocketExecutionArgs, source: ResumableSource<unknown>): SharedOperation {
    // Not the outlet: whoever came first may leave first.
    const { schema, document, operationName, variableValues, contextValue } = args;
    const kept = { schema, document, operationName, variableValues, contextValue };
    const payload = (result: ExecutionResult): Buffer =>
      Buffer.from(JSON.stringify(this.errors.payloadOf(result, contextValue)));
    const shared = new SharedOperation({
      ...{ key, source, rendered: this.rendered },
      execute: async (event) =>
        payload(await execute({ ...kept, rootValue: event, contextValue: this.contextForEvent(kept) })),
      renderFailure: (error) => payload({ errors: [asGraphQLError(error)] }),
      onDelivered: (count) => {
        this.metrics.deliveredEvents.inc(count);
      },
    });
    this.shared.set(key, shared);
    this.metrics.sharedSubscriptions.set(this.shared.size);
    return shared;
  }

  /** A new one for each event, so that no loader serves an event what an earlier one has read. */
  private contextForEvent({ contextValue }: { readonly contextValue: RequestContext }): RequestContext {
    const { scope, requestId } = contextValue;
    const { logger, seeds } = this.options;
    return createRequestContext({ scope, requestId, logger, seeds });
  }
}
