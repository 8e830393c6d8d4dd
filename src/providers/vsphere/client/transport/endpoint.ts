import type { VimClientOptions } from '../options';
import type { Endpoint } from './connect';

const CONNECT_TIMEOUT_MS = 10_000;

export interface Service {
  readonly endpoint: Endpoint;
  /** `/sdk`. */
  readonly path: string;
}

/** @throws TypeError where the options cannot be used */
export function serviceOf(options: VimClientOptions): Service {
  const url = new URL(options.url);
  const tls = url.protocol === 'https:';
  if (!tls && url.protocol !== 'http:') throw new TypeError(`${url.protocol} is no way to vSphere.`);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return {
    endpoint: {
      host,
      port: url.port === '' ? (tls ? 443 : 80) : Number(url.port),
      tls,
      caFile: options.caFile ?? null,
      certificateSha256: fingerprint(options.certificateSha256),
      connectTimeoutMs: Math.min(CONNECT_TIMEOUT_MS, options.callTimeoutMs),
    },
    path: url.pathname.replace(/\/+$/, '') || '/sdk',
  };
}

function fingerprint(given: string | undefined): string | null {
  if (given === undefined) return null;
  const digits = given.replaceAll(':', '').toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(digits)) throw new TypeError('A SHA-256 fingerprint has 32 pairs of digits.');
  return digits;
}
