import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';
import type { Logger } from '../kernel';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

export interface LoggerOptions {
  readonly level: LogLevel;
  /** Standard output when absent. */
  readonly destination?: DestinationStream;
}

const REDACTED = '[redacted]';
/** Compared without case and punctuation, anywhere in a logged object. */
const SECRET_KEY =
  /^(authorization|cookie|setcookie|.*token|.*secret|.*secretkey|.*secretaccesskey|.*password|passphrase|.*privatekey|apikey|credentials?|userdata|sshkeys?|ticket)$/;
/** Credentials inside text: bearer tokens, our own tokens wherever they stand, and passwords in URLs. */
const SECRET_TEXT = [
  [/\b(bearer)\s+[^\s"',;]+/gi, `$1 ${REDACTED}`],
  [/\bhgt_[0-9A-Za-z]+/g, REDACTED],
  [/(\/\/[^\s:/@]*):[^\s/@]+@/g, `$1:${REDACTED}@`],
] as const;

const MAX_DEPTH = 8;

function isSecretKey(key: string): boolean {
  return SECRET_KEY.test(key.replace(/[^a-z0-9]/gi, '').toLowerCase());
}

function redactText(text: string): string {
  return SECRET_TEXT.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);
}

/** Errors are told by class, message, stack and cause; their other properties (SQL, parameters) are not. */
function redactError(error: Error, depth: number): object {
  const { name, message, stack, cause } = error;
  const code: unknown = 'code' in error ? error.code : undefined;
  return {
    type: name,
    message: redactText(message),
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    ...(stack !== undefined && { stack: redactText(stack) }),
    ...(cause !== undefined && { cause: redact(cause, depth + 1) }),
  };
}

function redact(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  // The bound also ends circular objects.
  if (depth >= MAX_DEPTH) return '[too deep]';
  if (value instanceof Error) return redactError(value, depth);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  return redactFields(value, depth);
}

function redactFields(fields: object, depth = 0): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      isSecretKey(key) ? REDACTED : redact(value, depth + 1),
    ]),
  );
}

/** pino's formatters do not see the bindings of a child, so they are redacted here. */
function wrap(inner: PinoLogger): Logger {
  return {
    child: (bindings) => wrap(inner.child(redactFields(bindings))),
    debug: (fields, message) => inner.debug(fields, message),
    info: (fields, message) => inner.info(fields, message),
    warn: (fields, message) => inner.warn(fields, message),
    error: (fields, message) => inner.error(fields, message),
  };
}

/**
 * The process' log: one JSON object per line with `time` in ISO 8601 and `level` by name. Whatever stands under
 * a key that names a secret is replaced at any depth, and so are bearer tokens and URLs' passwords in texts.
 */
export function createLogger({ level, destination }: LoggerOptions): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    // Errors are serialized by `redact` already.
    serializers: { err: (value: unknown) => value },
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (fields: object) => redactFields(fields),
    },
    hooks: {
      logMethod(args: unknown[], method: (...all: unknown[]) => void) {
        method.apply(
          this,
          args.map((arg) => (typeof arg === 'string' ? redactText(arg) : arg)),
        );
      },
    },
  };
  return wrap(destination === undefined ? pino(options) : pino(options, destination));
}
