import { OpenStackError } from './errors';
import type { ServiceType } from './errors';
import type { HttpAnswer } from './http/exchange';
import { parseRetryAfter } from '../../contract';

const MAX_MESSAGE = 500;

/**
 * Reads an error of any of the services: each has a shape of its own.
 * @param secrets what was sent and must not be in the error: services cite what they refuse
 */
export function serviceError(
  service: ServiceType,
  request: string,
  answer: HttpAnswer,
  secrets: readonly string[] = [],
): OpenStackError {
  const { type, message } = readBody(answer.body);
  return new OpenStackError({
    service,
    request,
    status: answer.status,
    type,
    message:
      message === null
        ? `${request} was answered with the status ${answer.status}.`
        : without(secrets, message).slice(0, MAX_MESSAGE),
    retryAfterMs: parseRetryAfter(answer.headers.get('retry-after')),
  });
}

function without(secrets: readonly string[], message: string): string {
  return secrets.reduce(
    (text, secret) => (secret === '' ? text : text.replaceAll(secret, '[redacted]')),
    message,
  );
}

interface ErrorBody {
  readonly type: string | null;
  readonly message: string | null;
}

/**
 * Nova `{"forbidden": {code, message}}`; Neutron `{"NeutronError": {type, message, detail}}` or, from its API layer,
 * `{"NeutronError": "text"}`; Keystone `{"error": {code, title, message}}`; Glance, and what stands before a service,
 * text or HTML.
 */
function readBody(body: string): ErrorBody {
  const [key, value] = onlyEntry(body);
  if (key === null) return { type: null, message: null };
  if (typeof value === 'string') return { type: null, message: value };
  const details = asObject(value);
  if (details === null) return { type: null, message: null };
  const type =
    key === 'NeutronError' ? textOf(details, 'type') : key === 'error' ? textOf(details, 'title') : key;
  return { type, message: textOf(details, 'message') };
}

function onlyEntry(body: string): readonly [string | null, unknown] {
  try {
    const [first] = Object.entries(asObject(JSON.parse(body)) ?? {});
    return first ?? [null, null];
  } catch {
    return [null, null];
  }
}

function asObject(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
}

function textOf(details: Record<string, unknown>, key: string): string | null {
  const value = details[key];
  return typeof value === 'string' ? value : null;
}
