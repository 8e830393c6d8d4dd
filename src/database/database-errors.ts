import { AppError } from '../kernel';

/** Deadlock, lock wait time-out, and "record has changed since last read" (MariaDB's snapshot isolation). */
const RETRIABLE_MYSQL_ERRORS: ReadonlySet<number> = new Set([1213, 1205, 1020]);
const CONNECTION_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ECONNABORTED',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
  'PROTOCOL_CONNECTION_LOST',
  'ER_SERVER_SHUTDOWN',
  'ER_CONNECTION_KILLED',
  'ER_CON_COUNT_ERROR',
  // A Galera node that is not (any more) part of its cluster answers every statement with this.
  'ER_UNKNOWN_COM_ERROR',
  'POOL_CLOSED',
]);

interface DriverError {
  readonly errno?: number;
  readonly code?: string;
  readonly message?: string;
}

/** TypeORM wraps the driver's error and copies its fields; either shape is understood. */
function driverErrorOf(error: unknown): DriverError {
  const outer = (error ?? {}) as { driverError?: DriverError } & DriverError;
  return outer.driverError ?? outer;
}

/** Whether the whole transaction was rolled back for a reason that running it again may cure. */
export function isRetriableConflict(error: unknown): boolean {
  const { errno, code } = driverErrorOf(error);
  if (errno !== undefined && RETRIABLE_MYSQL_ERRORS.has(errno)) return true;
  return code !== undefined && code.startsWith('SQLITE_BUSY');
}

/** What is left when a transaction met one conflict after the other: nobody's fault, and later it may succeed. */
export function conflictError(cause: unknown): AppError {
  return new AppError('UNAVAILABLE', 'The database is too busy.', { cause });
}

/** Whether a unique index refused the row. */
export function isUniqueViolation(error: unknown): boolean {
  const { errno, code } = driverErrorOf(error);
  return errno === 1062 || code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY';
}

/** Turns "the database cannot be reached" into UNAVAILABLE; anything else stays what it was. */
export function translateConnectionError(error: unknown): unknown {
  const { code, message } = driverErrorOf(error);
  const lost =
    (code !== undefined && CONNECTION_CODES.has(code)) || /closed state|Pool is closed/i.test(message ?? '');
  if (!lost) return error;
  return new AppError('UNAVAILABLE', 'The database cannot be reached.', { cause: error });
}
