import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import type { ErrorCode, Logger } from '../../kernel';
import { type Classified, classify } from './error-classes';
import { withoutSuggestions } from './message-scrub';

interface MaskOptions {
  /** True when clients may read the schema, and so may be offered names out of it. */
  readonly suggestions: boolean;
}

/** `extensions` of every error that leaves the gateway. */
interface ErrorExtensions {
  [key: string]: unknown;
  code: ErrorCode;
  /** Absent only until the response is stamped. */
  requestId?: string;
}

function extensionsOf({ code, details }: Classified): ErrorExtensions {
  return details === undefined ? { code } : { code, details };
}

/**
 * What the caller gets to see of an error: message, place, code, details. No stack, no cause, no extension that
 * somebody else put there.
 */
export function maskError(
  error: unknown,
  place: Pick<GraphQLFormattedError, 'path' | 'locations'>,
  options: MaskOptions,
): GraphQLFormattedError & { extensions: ErrorExtensions } {
  const classified = classify(error);
  const { path, locations } = place;
  return {
    message: options.suggestions ? classified.message : withoutSuggestions(classified.message),
    ...(locations && { locations }),
    ...(path && { path }),
    extensions: extensionsOf(classified),
  };
}

/** The body of an answer to a request that never became an operation. */
export function errorBody(error: unknown, requestId: string): { errors: GraphQLFormattedError[] } {
  const masked = maskError(error, {}, { suggestions: false });
  return { errors: [{ ...masked, extensions: { ...masked.extensions, requestId } }] };
}

/** Writes those errors to the log that an operator has to look at. */
export function logFaults(errors: readonly unknown[], logger: Logger): void {
  for (const error of errors) {
    const { fault } = classify(error);
    if (fault === null) continue;
    const path = (error as Partial<GraphQLError>).path?.join('.');
    logger.error({ err: fault, ...(path !== undefined && { path }) }, 'an operation failed unexpectedly');
  }
}

/** The first error's code, or `OK`: the outcome under which an operation is counted. */
export function outcomeOf(errors: readonly GraphQLFormattedError[] | undefined): string {
  const [first] = errors ?? [];
  if (first === undefined) return 'OK';
  const code = first.extensions?.['code'];
  return typeof code === 'string' ? code : 'INTERNAL';
}

const HTTP_STATUS: Readonly<Partial<Record<ErrorCode, number>>> = {
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  RESOURCE_EXHAUSTED: 429,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
  INTERNAL: 500,
};

/** The HTTP status for a request that failed before it became an operation. */
export function httpStatusOf(error: unknown): number {
  return HTTP_STATUS[classify(error).code] ?? 400;
}
