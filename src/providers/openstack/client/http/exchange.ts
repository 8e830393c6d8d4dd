import { TransportError } from '../errors';
import type { TransportReason } from '../errors';
import { Lifetime } from './lifetime';
import type { HttpTransport } from './transport';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body?: string;
}

/** What a server answered, read to its end. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** A thousand servers are about 3 MiB. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/**
 * One request and its whole answer, whatever its status.
 * @throws TransportError, or the reason of the signal
 */
export async function exchange(
  transport: HttpTransport,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const { slots, closed, callTimeoutMs } = transport;
  const life = new Lifetime(callTimeoutMs, [closed, signal]);
  try {
    await slots.take(life.signal);
    try {
      return await roundTrip(transport, request, life.signal);
    } finally {
      slots.giveBack();
    }
  } catch (error) {
    throw life.signal.aborted ? (life.signal.reason as Error) : described(error);
  } finally {
    life.end();
  }
}

async function roundTrip(
  transport: HttpTransport,
  { method, url, headers, body }: HttpRequest,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const response = await transport.fetch(url, {
    method,
    headers: {
      accept: 'application/json',
      'user-agent': 'openstack-client',
      ...headers,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body }),
    signal,
    redirect: 'manual',
  });
  return { status: response.status, headers: response.headers, body: await readBody(response) };
}

async function readBody({ body }: Response): Promise<string> {
  if (body === null) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > MAX_BODY_BYTES) throw new TransportError('BAD_ANSWER', 'The answer is too long.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** `fetch` says "fetch failed"; why, is in the cause, and once more in there where several addresses were tried. */
function described(error: unknown): Error {
  if (error instanceof TransportError) return error;
  let cause = error as Cause;
  while (cause.cause !== undefined) cause = cause.cause;
  const { code = '', message } = cause.errors?.[0] ?? cause;
  return new TransportError(reasonOf(code), message ?? 'The request failed.', error);
}

interface Cause {
  readonly code?: string;
  readonly message?: string;
  readonly cause?: Cause;
  readonly errors?: readonly Cause[];
}

const UNREACHABLE: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const CERTIFICATE = /^(CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;
const BAD_BYTES = /^(HPE_|Z_|UND_ERR_INVALID)/;

function reasonOf(code: string): TransportReason {
  if (UNREACHABLE.has(code)) return 'UNREACHABLE';
  if (CERTIFICATE.test(code)) return 'CERTIFICATE';
  return BAD_BYTES.test(code) ? 'BAD_ANSWER' : 'CUT_OFF';
}
