import { silentLogger } from '../../../kernel';
import type { Logger } from '../../../kernel';
import { DomainCalls } from './calls/domain-calls';
import { EventCalls } from './calls/event-calls';
import { HostCalls } from './calls/host-calls';
import type { Lanes } from './calls/lanes';
import { NetworkCalls } from './calls/network-calls';
import { PoolCalls } from './calls/pool-calls';
import { VolumeCalls } from './calls/volume-calls';
import type { Version } from './codecs/connect';
import { openBulkStream } from './connection/bulk-stream';
import { Connector } from './connection/connector';
import { mayPass, ReconnectingConnection } from './connection/reconnecting-connection';
import { LibvirtConnectionError, LibvirtTimeoutError } from './errors';
import type { LibvirtClientOptions } from './options';

export interface ReconnectedEvent {
  /** How long there were no events, in milliseconds. */
  readonly downMs: number;
}

/**
 * A libvirt daemon. Nothing is connected before the first call; then reads and events share one connection,
 * changes have another, and each stream has its own. Lost connections are made anew.
 */
export class LibvirtClient {
  readonly host: HostCalls;
  readonly domains: DomainCalls;
  readonly networks: NetworkCalls;
  readonly pools: PoolCalls;
  readonly volumes: VolumeCalls;
  readonly events: EventCalls;

  private readonly reads: ReconnectingConnection;
  private readonly changes: ReconnectingConnection;
  private readonly closing = new AbortController();
  private readonly reconnectedListeners = new Set<(event: ReconnectedEvent) => void>();
  private readonly disconnectedListeners = new Set<(error: LibvirtConnectionError) => void>();
  private readonly logger: Logger;

  /** @throws LibvirtConnectionError, not retriable, where the URI cannot be used */
  constructor(options: LibvirtClientOptions) {
    const connector = new Connector(options);
    this.logger = options.logger ?? silentLogger;
    const lane = (name: string): ReconnectingConnection =>
      new ReconnectingConnection(connector, {
        lane: name,
        baseMs: options.reconnectBaseMs ?? 100,
        maximumMs: options.reconnectMaximumMs ?? 5_000,
        logger: this.logger,
        admit: options.admit,
      });
    this.reads = lane('reads');
    this.changes = lane('changes');
    const lanes: Lanes = {
      reads: this.reads,
      changes: this.changes,
      openStream: (procedure, encode, bulk) =>
        openBulkStream(connector, procedure, encode, bulk, this.closing.signal),
    };
    this.host = new HostCalls(lanes);
    this.domains = new DomainCalls(lanes);
    this.networks = new NetworkCalls(lanes);
    this.pools = new PoolCalls(lanes);
    this.volumes = new VolumeCalls(lanes);
    this.events = new EventCalls(this.reads, this.logger);
    this.reads.onReconnected = (downMs) => this.tell(this.reconnectedListeners, { downMs });
    this.reads.onDisconnected = (error) => this.tell(this.disconnectedListeners, error);
  }

  /** The daemon's version of libvirt, as the last handshake told; null before the first. */
  get version(): Version | null {
    return this.reads.version ?? this.changes.version;
  }

  /**
   * Waits until the daemon really answers, trying again with back-off where that may help.
   * @throws LibvirtTimeoutError with the last failure as its cause; LibvirtConnectionError or LibvirtError
   *   at once where trying again cannot help
   */
  async waitUntilReady(timeoutMs: number): Promise<Version> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const left = Math.max(1, Math.ceil(deadline - performance.now()));
      try {
        return await this.host.getLibVersion({ timeoutMs: left });
      } catch (error) {
        if (!mayPass(error)) throw error;
        if (performance.now() < deadline) continue;
        const late = new LibvirtTimeoutError(
          `The daemon was not ready within ${timeoutMs} ms.`,
          timeoutMs,
          false,
        );
        throw Object.assign(late, { cause: error });
      }
    }
  }

  /**
   * Told each time the connection for reads and events is back after a loss, with its registrations made
   * again: events of the meantime are gone, so read again what they would have told.
   * @returns ends it
   */
  onReconnected(listener: (event: ReconnectedEvent) => void): () => void {
    this.reconnectedListeners.add(listener);
    return () => void this.reconnectedListeners.delete(listener);
  }

  /** Told when the connection for reads and events is lost. @returns ends it */
  onDisconnected(listener: (error: LibvirtConnectionError) => void): () => void {
    this.disconnectedListeners.add(listener);
    return () => void this.disconnectedListeners.delete(listener);
  }

  /** Ends every connection and stream; what is under way fails. For good: nothing connects anew after it. */
  close(): void {
    this.closing.abort(new LibvirtConnectionError('The client is closed.', { retriable: false }));
    this.reads.close();
    this.changes.close();
  }

  private tell<E>(listeners: ReadonlySet<(event: E) => void>, event: E): void {
    for (const listener of listeners) {
      try {
        listener(event);
      } catch (error) {
        this.logger.error({ err: error }, 'libvirt: a listener threw');
      }
    }
  }
}
