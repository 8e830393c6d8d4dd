import {
  createSourceEventStream,
  execute,
  type ExecutionArgs,
  type ExecutionResult,
  GraphQLError,
} from 'graphql';

interface SubscribeOptions {
  readonly args: ExecutionArgs;
  /** A new context for each event, so that no loader serves an event what an earlier one has read. */
  readonly contextForEvent: () => unknown;
  /** Called once, when no more events will come. */
  readonly onEnd: () => void;
}

export function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const originalError = error instanceof Error ? error : new Error(String(error));
  return new GraphQLError(originalError.message, { originalError });
}

/**
 * graphql-js' `subscribe` with a context for each event: runs the selection set once for each event of the source; a
 * failing source ends as a last, failed result.
 */
export class ResultStream implements AsyncGenerator<ExecutionResult, void, void> {
  private ended = false;

  constructor(
    private readonly source: AsyncIterator<unknown>,
    private readonly options: SubscribeOptions,
  ) {}

  async next(): Promise<IteratorResult<ExecutionResult, void>> {
    if (this.ended) return { done: true, value: undefined };
    try {
      const event = await this.source.next();
      if (event.done === true) return this.end();
      const { args, contextForEvent } = this.options;
      const value = await execute({ ...args, rootValue: event.value, contextValue: contextForEvent() });
      return { done: false, value };
    } catch (error) {
      this.end();
      return { done: false, value: { errors: [asGraphQLError(error)] } };
    }
  }

  async return(): Promise<IteratorResult<ExecutionResult, void>> {
    const result = this.end();
    await this.source.return?.();
    return result;
  }

  async throw(error: unknown): Promise<IteratorResult<ExecutionResult, void>> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  private end(): IteratorResult<ExecutionResult, void> {
    if (!this.ended) this.options.onEnd();
    this.ended = true;
    return { done: true, value: undefined };
  }
}

/**
 * The events that a subscription is made of, or the result that tells why there are none. A resolver that answers
 * with no stream is thrown by graphql-js, unlike other errors of a resolver.
 */
export async function openSource(args: ExecutionArgs): Promise<ExecutionResult | AsyncIterable<unknown>> {
  try {
    return await createSourceEventStream(args);
  } catch (error) {
    return { errors: [asGraphQLError(error)] };
  }
}
