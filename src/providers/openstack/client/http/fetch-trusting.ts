import { Agent, request as httpsRequest } from 'node:https';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import type { Fetch, FetchInit } from './fetch';

/** The statuses whose answers have no body: `Response` refuses one. */
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * A `fetch` that trusts the authorities of a file in place of Node's own, which Node's `fetch` takes from nowhere but a
 * dispatcher of the package undici.
 */
export function fetchTrusting(ca: string): { readonly fetch: Fetch; readonly close: () => void } {
  const agent = new Agent({ ca, keepAlive: true });
  const trusting: Fetch = async (url, init) => {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const { method, headers, signal } = init;
      const request = url.startsWith('https:')
        ? httpsRequest(url, { method, headers: withLength(init), signal, agent }, resolve)
        : httpRequest(url, { method, headers, signal }, resolve);
      request.on('error', reject).end(init.body);
    });
    return toResponse(answer);
  };
  return { fetch: trusting, close: () => agent.destroy() };
}

function withLength({ headers, body }: FetchInit): Record<string, string | number> {
  return { ...headers, ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) };
}

function toResponse(answer: IncomingMessage): Response {
  const status = answer.statusCode ?? 0;
  const headers = new Headers();
  for (const [name, values] of Object.entries(answer.headersDistinct))
    for (const value of values ?? []) headers.append(name, value);
  if (!WITHOUT_BODY.has(status))
    return new Response(Readable.toWeb(answer) as ReadableStream<Uint8Array>, { status, headers });
  answer.resume();
  return new Response(null, { status, headers });
}
