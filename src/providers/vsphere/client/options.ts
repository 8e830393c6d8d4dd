/** Resolves when the next request may be sent; rejects with what the call is to fail with. */
export type Admission = (signal: AbortSignal) => Promise<void>;

export interface VimClientOptions {
  /** `https://vcenter.example/sdk`; http is for simulators. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** Certificates in PEM of the authorities that the server's must descend from; otherwise the system's. */
  readonly caFile?: string | undefined;
  /**
   * The SHA-256 fingerprint of the server's own certificate, in hexadecimal with or without colons. It takes the
   * place of the chain: a self-signed certificate is accepted if it is this one, and no other is.
   */
  readonly certificateSha256?: string | undefined;
  /** Time for one call, the wait for a connection and the whole answer included. */
  readonly callTimeoutMs: number;
  /** Connections at once; feeds have one more each. Default 8. */
  readonly maxConnections?: number | undefined;
  readonly userAgent?: string | undefined;
  /** Asked before each request; by default every one may be sent at once. */
  readonly admit?: Admission | undefined;
}

/** How one call differs from the client's defaults. */
export interface CallOptions {
  /** Gives up waiting and closes the connection; a call that was already sent may still take effect. */
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}
