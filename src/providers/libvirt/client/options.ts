import type { Logger } from '../../../kernel';

/** Files in PEM. A file that is not named here is sought in the URI's `pkipath`, if that has one. */
export interface TlsFiles {
  /** Certificates of the authorities that the server's must descend from; otherwise the system's. */
  readonly caFile?: string;
  /** Our own certificate, which many daemons demand, and its key. */
  readonly certFile?: string;
  readonly keyFile?: string;
  /** The name that the server's certificate has to carry, where it is not the URI's host. */
  readonly serverName?: string;
}

export interface LibvirtClientOptions {
  /** For example `qemu+unix:///system?socket=/run/libvirt/libvirt-sock` or `qemu+tls://host/system`. */
  readonly uri: string;
  readonly tls?: TlsFiles;
  /** Opens read-only: changes are then refused with the error 29. Default false. */
  readonly readOnly?: boolean;
  /**
   * Calls under way at once on one connection. Default 4: a daemon with the default
   * `max_client_requests` of 5 serves nobody else, not even a keepalive, while it has five slow ones.
   */
  readonly maxInFlight?: number;
  /** Time for one call, the wait in the queue and for the connection included. Default 30,000. */
  readonly callTimeoutMs?: number;
  /** Time for one attempt to connect, the handshake included. Default 10,000. */
  readonly connectTimeoutMs?: number;
  /** A silent daemon is asked for a sign of life this often. Default 5,000; 0 never asks. */
  readonly keepaliveIntervalMs?: number;
  /** After so many intervals without a sign of life the connection is given up. Default 4. */
  readonly keepaliveMissedMax?: number;
  /** The wait before attempt n is random between 0 and min(maximum, base * 2^n). Default 100. */
  readonly reconnectBaseMs?: number;
  /** Default 5,000. */
  readonly reconnectMaximumMs?: number;
  /** Asked before each call; by default every one may be sent at once. */
  readonly admit?: (signal: AbortSignal) => Promise<void>;
  /** Told of lost and new connections and of listeners that throw. Default: silent. */
  readonly logger?: Logger;
}

/** How one call differs from the client's defaults. */
export interface CallOptions {
  readonly timeoutMs?: number;
  /** Gives up waiting; a call that was already sent may still take effect. */
  readonly signal?: AbortSignal;
}
