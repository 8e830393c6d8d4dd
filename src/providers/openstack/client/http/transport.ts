import { readFileSync } from 'node:fs';
import { TransportError } from '../errors';
import { fetchTrusting } from './fetch-trusting';
import { Slots } from './slots';

/** As much of `fetch` as is used. */
export interface FetchInit {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
  /** A redirection would hand the token to whoever it leads to. */
  readonly redirect: 'manual';
}
export type Fetch = (url: string, init: FetchInit) => Promise<Response>;

export interface TransportOptions {
  readonly caFile?: string | undefined;
  readonly callTimeoutMs: number;
  readonly maxConnections?: number | undefined;
}

const MAX_CONNECTIONS = 16;

/** What all requests of a client share. */
export class HttpTransport {
  readonly fetch: Fetch;
  readonly slots: Slots;
  readonly callTimeoutMs: number;
  private readonly closing = new AbortController();
  private readonly release: () => void;

  /** Reads the file of authorities. @throws where it cannot be read */
  constructor({ caFile, callTimeoutMs, maxConnections = MAX_CONNECTIONS }: TransportOptions) {
    this.callTimeoutMs = callTimeoutMs;
    this.slots = new Slots(maxConnections);
    const trusting = caFile === undefined ? null : fetchTrusting(readFileSync(caFile, 'utf8'));
    this.fetch = trusting?.fetch ?? fetch;
    this.release = trusting?.close ?? (() => undefined);
  }

  /** Aborted once the client is closed. */
  get closed(): AbortSignal {
    return this.closing.signal;
  }

  close(): void {
    this.closing.abort(new TransportError('CLOSED', 'The client is closed.'));
    this.release();
  }
}
