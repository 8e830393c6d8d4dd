import { pause } from '../../../../kernel';
import type { Logger } from '../../../../kernel';
import type { Version } from '../codecs/connect';
import { LibvirtConnectionError, LibvirtError } from '../errors';
import type { CallOptions } from '../options';
import type { XdrReader } from '../wire/xdr-reader';
import { backoffMs } from './backoff';
import type { Caller, Decode, Encode } from './caller';
import type { Connector } from './connector';
import type { RpcConnection } from './rpc-connection';
import { whicheverFirst } from './whichever-first';

export interface ReconnectingOptions {
  /** For the log: `reads` or `changes`. */
  readonly lane: string;
  readonly baseMs: number;
  readonly maximumMs: number;
  /** Asked before each call. */
  readonly admit?: ((signal: AbortSignal) => Promise<void>) | undefined;
  readonly logger: Logger;
}

/**
 * A connection that is opened with the first call and made anew after it broke. Calls under way when it
 * breaks fail: only the caller knows whether they may be repeated. A call made while there is none waits for
 * the next attempt and shares its outcome.
 */
export class ReconnectingConnection implements Caller {
  /** Told of each pushed event. */
  onEvent: (procedure: number, payload: XdrReader) => void = () => undefined;
  /** Runs on every new connection before any waiting call: where registrations are made again. */
  prepare: (connection: RpcConnection) => Promise<void> = () => Promise.resolve();
  /** Told once a connection that replaces a lost one is prepared. */
  onReconnected: (downMs: number) => void = () => undefined;
  onDisconnected: (error: LibvirtConnectionError) => void = () => undefined;
  /** While true, a lost connection is made anew at once and not only for the next call. */
  wanted = false;
  /** The daemon's library, as the last handshake told. */
  version: Version | null = null;

  private current: RpcConnection | null = null;
  private opening: Promise<RpcConnection> | null = null;
  private failures = 0;
  private lostAt: number | null = null;
  private readonly stop = new AbortController();

  constructor(
    private readonly connector: Connector,
    private readonly options: ReconnectingOptions,
  ) {}

  call<T>(procedure: number, encode: Encode, decode: Decode<T>, options?: CallOptions): Promise<T> {
    const { admit } = this.options;
    if (admit !== undefined) return this.callOnceAdmitted(admit, procedure, encode, decode, options);
    return this.callNow(procedure, encode, decode, options);
  }

  private callNow<T>(
    procedure: number,
    encode: Encode,
    decode: Decode<T>,
    options?: CallOptions,
  ): Promise<T> {
    if (this.current !== null) return this.current.call(procedure, encode, decode, options);
    return this.callOnceOpen(procedure, encode, decode, options);
  }

  private async callOnceAdmitted<T>(
    admit: (signal: AbortSignal) => Promise<void>,
    procedure: number,
    encode: Encode,
    decode: Decode<T>,
    options: CallOptions = {},
  ): Promise<T> {
    const timeoutMs = options.timeoutMs ?? this.connector.callTimeoutMs;
    const begun = performance.now();
    await whicheverFirst(admit(options.signal ?? this.stop.signal), timeoutMs, options.signal);
    const left = Math.max(1, timeoutMs - (performance.now() - begun));
    return this.callNow(procedure, encode, decode, { ...options, timeoutMs: left });
  }

  /** The connection, opened if need be. @throws what the attempt to open it throws */
  open(): Promise<RpcConnection> {
    if (this.current !== null) return Promise.resolve(this.current);
    if (this.stop.signal.aborted) return Promise.reject(this.stop.signal.reason as Error);
    this.opening ??= this.attempt().finally(() => {
      this.opening = null;
      if (this.current === null) this.keepOpen();
    });
    return this.opening;
  }

  close(): void {
    this.wanted = false;
    this.stop.abort(new LibvirtConnectionError('The client is closed.', { retriable: false }));
    this.current?.close();
  }

  private async callOnceOpen<T>(
    procedure: number,
    encode: Encode,
    decode: Decode<T>,
    options: CallOptions = {},
  ): Promise<T> {
    const begun = performance.now();
    const timeoutMs = options.timeoutMs ?? this.connector.callTimeoutMs;
    const connection = await whicheverFirst(this.open(), timeoutMs, options.signal);
    const left = Math.max(1, timeoutMs - (performance.now() - begun));
    return connection.call(procedure, encode, decode, { ...options, timeoutMs: left });
  }

  private async attempt(): Promise<RpcConnection> {
    if (this.failures > 0) {
      const waitMs = backoffMs(this.failures - 1, this.options.baseMs, this.options.maximumMs);
      await pause(waitMs, this.stop.signal);
    }
    try {
      const connection = await this.openPrepared();
      this.failures = 0;
      return connection;
    } catch (error) {
      this.failures += 1;
      this.options.logger.debug(
        { err: error, lane: this.options.lane, failures: this.failures },
        'libvirt: no connection',
      );
      throw error;
    }
  }

  private async openPrepared(): Promise<RpcConnection> {
    const { connection, version } = await this.connector.open(true, this.stop.signal);
    connection.onEvent = (procedure, payload) => this.onEvent(procedure, payload);
    try {
      await this.prepare(connection);
    } catch (error) {
      connection.close();
      throw error;
    }
    if (this.stop.signal.aborted) connection.close();
    if (connection.closed) throw new LibvirtConnectionError('The connection was lost while it was prepared.');
    this.version = version;
    this.current = connection;
    connection.onClosed = (error) => this.lose(error);
    this.announce();
    return connection;
  }

  private announce(): void {
    if (this.lostAt === null) return;
    const downMs = Math.round(performance.now() - this.lostAt);
    this.lostAt = null;
    this.options.logger.info({ lane: this.options.lane, downMs }, 'libvirt: connected again');
    this.onReconnected(downMs);
  }

  private lose(error: LibvirtConnectionError): void {
    this.current = null;
    if (this.stop.signal.aborted) return;
    this.lostAt = performance.now();
    this.options.logger.warn({ err: error, lane: this.options.lane }, 'libvirt: connection lost');
    this.onDisconnected(error);
    this.keepOpen();
  }

  /** The attempt itself logs its failure, and is followed by the next one. */
  private keepOpen(): void {
    if (this.wanted && !this.stop.signal.aborted) this.open().catch(() => undefined);
  }
}

/** True for errors after which the next attempt may succeed. */
export function mayPass(error: unknown): boolean {
  if (error instanceof LibvirtError) return error.retriable;
  return !(error instanceof LibvirtConnectionError) || error.retriable;
}
