/**
 * The closed list of error codes. Callers act upon the code, never on the message; the list is part of the
 * public API (`extensions.code`) and of the provider contract.
 */
export const ERROR_CODES = [
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'INVALID_ARGUMENT',
  'FAILED_PRECONDITION',
  'UNAUTHENTICATED',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'UNSUPPORTED',
  'UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'CANCELLED',
  'INTERNAL',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** Codes after which the same call may succeed later without anybody changing anything. */
const RETRYABLE_CODES: ReadonlySet<ErrorCode> = new Set(['UNAVAILABLE', 'DEADLINE_EXCEEDED']);

type PlainDetails = Readonly<Record<string, string | number | boolean | null>>;

/**
 * Facts that may be shown to the caller beside the message, for example the field that was refused; or a list of such
 * facts, where several things are wrong at once.
 */
export type ErrorDetails = Readonly<Record<string, PlainDetails[string] | readonly PlainDetails[]>>;

export interface AppErrorOptions {
  /** Overrides what the code implies. */
  readonly retryable?: boolean;
  /** Shown to the caller in `extensions.details`. */
  readonly details?: ErrorDetails;
  /** For operators only: never leaves the process except into the log. */
  readonly cause?: unknown;
}

/** The only error that crosses a module's edge on purpose. Its message is safe for the tenant to read. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly details: ErrorDetails | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.retryable = options.retryable ?? RETRYABLE_CODES.has(code);
    this.details = options.details;
  }
}

/** A refused input value; `field` is the path inside the input, for example `input.cidr`. */
export function invalidArgument(field: string, message: string): AppError {
  return new AppError('INVALID_ARGUMENT', `${field}: ${message}`, { details: { field } });
}

const MAX_SHOWN_ID = 80;

/**
 * The one answer for "no such object" and "somebody else's object": the two must not be told apart.
 * @param field the path inside the input, where an input names the object
 */
export function notFound(noun: string, id: string, field?: string): AppError {
  const message = `${noun} ${JSON.stringify(id.slice(0, MAX_SHOWN_ID))} was not found.`;
  if (field === undefined) return new AppError('NOT_FOUND', message);
  return new AppError('NOT_FOUND', `${field}: ${message}`, { details: { field } });
}

/**
 * What an id names. MySQL and MariaDB leave spaces at the end out of a comparison, so that they find it by another text,
 * too, by which nobody else knows it.
 * @throws NOT_FOUND, see `notFound`
 */
export function requireFound<T extends { readonly id: string }>(
  noun: string,
  found: T | null | undefined,
  id: string,
  field?: string,
): T {
  if (found?.id !== id) throw notFound(noun, id, field);
  return found;
}

/** Wraps whatever was thrown; what is not an `AppError` becomes INTERNAL with the original as its cause. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  return new AppError('INTERNAL', 'An internal error occurred.', { cause: error });
}
