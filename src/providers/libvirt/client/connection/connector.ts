import type { Version } from '../codecs/connect';
import type { LibvirtClientOptions } from '../options';
import { openSocket } from '../transports/open-socket';
import type { ConnectionTarget } from '../uri';
import { parseLibvirtUri } from '../uri';
import { shakeHands } from './handshake';
import { RpcConnection } from './rpc-connection';

export interface OpenConnection {
  readonly connection: RpcConnection;
  readonly version: Version;
}

/** Makes connections to one daemon, each ready for calls. */
export class Connector {
  readonly target: ConnectionTarget;
  readonly callTimeoutMs: number;
  private readonly connectTimeoutMs: number;

  /** @throws LibvirtConnectionError, not retriable, where the URI cannot be used */
  constructor(private readonly options: LibvirtClientOptions) {
    this.target = parseLibvirtUri(options.uri, options.readOnly);
    this.callTimeoutMs = options.callTimeoutMs ?? 30_000;
    this.connectTimeoutMs = options.connectTimeoutMs ?? 10_000;
  }

  /**
   * @param keepalive off for a connection that may be paused by back-pressure
   * @param signal ends the attempt
   * @throws LibvirtConnectionError, LibvirtTimeoutError, LibvirtError; nothing stays open then
   */
  async open(keepalive: boolean, signal: AbortSignal): Promise<OpenConnection> {
    const begun = performance.now();
    const socket = await openSocket(this.target.transport, this.options.tls ?? {}, {
      timeoutMs: this.connectTimeoutMs,
      signal,
    });
    const connection = new RpcConnection(socket, {
      maxInFlight: this.options.maxInFlight ?? 4,
      callTimeoutMs: this.callTimeoutMs,
      keepaliveIntervalMs: keepalive ? (this.options.keepaliveIntervalMs ?? 5_000) : 0,
      keepaliveMissedMax: this.options.keepaliveMissedMax ?? 4,
    });
    const onAbort = (): void => connection.close();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      const version = await shakeHands(connection, {
        driverUri: this.target.driverUri,
        readOnly: this.options.readOnly ?? false,
        keepalive,
        timeoutMs: Math.max(1, this.connectTimeoutMs - (performance.now() - begun)),
      });
      return { connection, version };
    } catch (error) {
      connection.close();
      throw error;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }
}
