/** Signs in as a user, or as an application credential that stands for a user and a project. */
export type Credentials =
  | {
      readonly method: 'password';
      readonly username: string;
      readonly password: string;
      readonly project: string;
      /** The domain, by name, of the user and of the project. */
      readonly domain: string;
    }
  | { readonly method: 'application_credential'; readonly id: string; readonly secret: string };

/** The one way of every request. May call `send` again after it threw an error that says it was throttled. */
export interface RequestLane {
  run<T>(signal: AbortSignal, send: () => Promise<T>): Promise<T>;
}

export interface OpenStackClientOptions {
  /** Keystone's: `https://cloud.example:5000/v3`; the `/v3` may be left out. */
  readonly authUrl: string;
  readonly credentials: Credentials;
  /** The catalog's only one when absent. */
  readonly region?: string | undefined;
  readonly interface: 'public' | 'internal';
  /** Certificates in PEM of the authorities that the servers' must descend from; otherwise Node's own. */
  readonly caFile?: string | undefined;
  /** The limit for one request, its whole answer included, in milliseconds. */
  readonly callTimeoutMs: number;
  readonly requests: RequestLane;
  /** Requests at once; 16 by default. */
  readonly maxConnections?: number | undefined;
}

/** What accompanies each call. */
export interface Call {
  /** Gives up waiting; a request that was already sent may still take effect. */
  readonly signal: AbortSignal;
}
