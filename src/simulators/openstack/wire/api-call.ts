import type { IncomingHttpHeaders } from 'node:http';

/** Who holds the token, and where it is valid. */
export interface Caller {
  readonly userId: string;
  readonly projectId: string;
}

/** A request for which no token is needed. */
export interface OpenCall {
  readonly method: string;
  /** By the names in the route's pattern. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Parsed JSON; undefined where nothing was sent. */
  readonly body: unknown;
  /** Where the client reached this server, for example `http://127.0.0.1:5000`. */
  readonly origin: string;
}

export interface ApiCall extends OpenCall {
  readonly caller: Caller;
  /** The minor number of Nova's microversion 2.N; 1 for the other services. */
  readonly microversion: number;
}

export interface ApiResult {
  readonly status: number;
  /** Sent as JSON, or as it stands when it is a string; undefined for an empty body. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}
