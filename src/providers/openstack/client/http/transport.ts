import { setMaxListeners } from 'node:events';
import { readFileSync } from 'node:fs';
import { TransportError } from '../errors';
import type { Fetch } from './fetch';
import { fetchTrusting } from './fetch-trusting';
import { Slots } from './slots';

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
    // Every request under way listens to it.
    setMaxListeners(0, this.closing.signal);
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
