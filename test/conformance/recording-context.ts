import type { Logger } from '../../src/kernel';
import type { CallContext } from '../../src/providers/contract';

/** A context whose log can be searched for what must not stand in it. */
export function contextOf(signal = new AbortController().signal, lines: string[] = []): CallContext {
  return { signal, logger: recordingLogger(lines), reportProgress: () => undefined };
}

function recordingLogger(lines: string[]): Logger {
  const record = (fields: object, message: string): void => {
    lines.push(`${message} ${JSON.stringify(fields)}`);
  };
  const logger: Logger = {
    child: () => logger,
    debug: record,
    info: record,
    warn: record,
    error: record,
  };
  return logger;
}
