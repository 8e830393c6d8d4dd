import type { IncomingMessage } from 'node:http';

/**
 * Whether a page of this origin may open a socket. Browsers apply no CORS to WebSockets, so this does: the
 * gateway's own origin and those of the CORS allow-list pass, and so do programs, which send none.
 */
export function isOriginAllowed(request: IncomingMessage, allowed: readonly string[]): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  if (allowed.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
