import type { ValidationError } from 'class-validator';
import { GraphQLError, Kind } from 'graphql';
import { ArgumentValidationError } from 'type-graphql';
import { AppError, type ErrorCode, type ErrorDetails } from '../../kernel';
import { literalField } from './literal-field';
import { withoutValues } from './message-scrub';

/** What may be told of an error, and what the log should know beside it. */
export interface Classified {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: ErrorDetails | undefined;
  /** What an operator has to look at; null where the caller's own doing explains the error. */
  readonly fault: unknown;
}

const MASKED = 'An internal error occurred. Quote the request id when you report it.';
const TOO_MANY_TOKENS = /^Syntax Error: Document contains more that (\d+) tokens/;

/** The error and what it wraps, outermost first; bounded, since a cause may point back. */
function chainOf(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let current = error; current !== undefined && current !== null && chain.length < 8;) {
    chain.push(current);
    current = current instanceof GraphQLError ? current.originalError : undefined;
  }
  return chain;
}

function internal(fault: unknown): Classified {
  return { code: 'INTERNAL', message: MASKED, details: undefined, fault };
}

function fromAppError(error: AppError): Classified {
  if (error.code !== 'INTERNAL') {
    return { code: error.code, message: error.message, details: error.details, fault: null };
  }
  return { code: 'INTERNAL', message: error.message, details: error.details, fault: error };
}

/** The innermost property that was refused, and why, as class-validator words it. */
function firstRefusal(
  errors: readonly ValidationError[],
  path: readonly string[],
): { field: string; why: string } {
  const [error] = errors;
  if (error === undefined) return { field: path.join('.'), why: 'the value is not allowed' };
  const here = [...path, error.property];
  if (error.children?.length) return firstRefusal(error.children, here);
  const why = Object.values(error.constraints ?? {})[0] ?? 'the value is not allowed';
  return { field: here.join('.'), why };
}

/** class-validator does not know the argument's name; by our convention an input object is called `input`. */
function argumentOf(located: unknown): string[] {
  const node = located instanceof GraphQLError ? located.nodes?.[0] : undefined;
  const takesInput =
    node?.kind === Kind.FIELD && node.arguments?.some((argument) => argument.name.value === 'input');
  return takesInput ? ['input'] : [];
}

function fromArguments(error: ArgumentValidationError, located: unknown): Classified {
  const refused = error.extensions['validationErrors'] as readonly ValidationError[];
  const { field, why } = firstRefusal(refused, argumentOf(located));
  return { code: 'INVALID_ARGUMENT', message: `${field}: ${why}.`, details: { field }, fault: null };
}

function fromRequestError(error: GraphQLError): Classified {
  const maxTokens = TOO_MANY_TOKENS.exec(error.message)?.[1];
  if (maxTokens !== undefined) {
    const details = { limit: 'tokens', max: Number(maxTokens), actual: null };
    const message = `The document has more than ${maxTokens} tokens.`;
    return { code: 'INVALID_ARGUMENT', message, details, fault: null };
  }
  const unsupported = String(error.extensions['code']).startsWith('PERSISTED_QUERY');
  const code = unsupported ? 'UNSUPPORTED' : 'INVALID_ARGUMENT';
  const field = literalField(error);
  const details = field === null ? undefined : { field };
  return { code, message: withoutValues(error.message), details, fault: null };
}

/**
 * graphql-js and Apollo refuse a request before anything runs: such an error has no path and wraps nothing but
 * errors of their own. The one exception is an argument whose variable turns out to be null while running.
 */
function isRequestError(error: unknown, chain: readonly unknown[]): error is GraphQLError {
  if (!(error instanceof GraphQLError) || !chain.every((one) => one instanceof GraphQLError)) return false;
  if (error.extensions['code'] === 'INTERNAL_SERVER_ERROR') return false;
  return error.path === undefined || /^Argument "\w+" /.test(error.message);
}

/** Decides what an error of any origin means for the caller: one of the closed codes and a safe message. */
export function classify(error: unknown): Classified {
  const chain = chainOf(error);
  const own = chain.find((one) => one instanceof AppError);
  if (own !== undefined) return fromAppError(own);
  const refused = chain.find((one) => one instanceof ArgumentValidationError);
  if (refused !== undefined) return fromArguments(refused, error);
  if (isRequestError(error, chain)) return fromRequestError(error);
  return internal(chain.at(-1) ?? error);
}
