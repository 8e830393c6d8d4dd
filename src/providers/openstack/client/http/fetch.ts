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
