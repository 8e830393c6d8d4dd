import type { IncomingMessage } from 'node:http';

/** Far above any request of a client; what is larger is an attack or a mistake. */
const MAX_BYTES = 16 * 1_024 * 1_024;
/** Whoever has no session has to log in first, which takes little. */
const MAX_BYTES_OF_STRANGERS = 64 * 1_024;

/** The body as text; null when it is too large. Rejects when the client hangs up. */
export async function readBody(request: IncomingMessage, isStranger: boolean): Promise<string | null> {
  const most = isStranger ? MAX_BYTES_OF_STRANGERS : MAX_BYTES;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > most) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
