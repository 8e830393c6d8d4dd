import {
  type ExecutionResult,
  type FormattedExecutionResult,
  GraphQLError,
  type GraphQLFormattedError,
} from 'graphql';
import { logFaults, maskError } from '../errors/error-mask';
import type { RequestContext } from '../request-context';

/** What a client may see of errors; an operator finds the rest in the log under the same request id. */
export class SocketErrors {
  /** @param suggestions whether messages may offer names out of the schema */
  constructor(private readonly suggestions: boolean) {}

  mask(
    errors: readonly unknown[],
    context: RequestContext,
    { quietly = false } = {},
  ): GraphQLFormattedError[] {
    if (!quietly) logFaults(errors, context.logger);
    return errors.map((error) => {
      const place = error instanceof GraphQLError ? error.toJSON() : {};
      const masked = maskError(error, place, { suggestions: this.suggestions });
      return { ...masked, extensions: { ...masked.extensions, requestId: context.requestId } };
    });
  }

  /** The payload of a `next` message. */
  payloadOf({ data, errors }: ExecutionResult, context: RequestContext): FormattedExecutionResult {
    return {
      ...(data !== undefined && { data }),
      ...(errors && { errors: this.mask(errors, context) }),
    };
  }

  /** Masked errors of an operation that does not begin, in the form that graphql-ws wants. */
  asGraphQLErrors(errors: readonly unknown[], masked: readonly GraphQLFormattedError[]): GraphQLError[] {
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
