import { AppError } from '../kernel';
import type { Logger } from '../kernel';
import { unwatchedCall } from '../providers/contract';
import type { ProviderCall } from '../providers/contract';
import { BackendCircuits } from './backend-circuits';
import type { Backend, BackendHealth, LiveBackend } from './backend';
import type { BackendStore } from './backend.store';

const PROBE_INTERVAL_MS = 30_000;
/** One that is away is asked more often: nothing is placed on it until it has answered. */
const AWAY_PROBE_INTERVAL_MS = 5_000;
const NOT_ASKED: BackendHealth = { status: 'UNKNOWN', probe: null, checkedAt: null };
const RETIRED: BackendHealth = { status: 'RETIRED', probe: null, checkedAt: null };

/** All backends that the installation knows, those that can be worked with, and how they are. */
export class BackendDirectory {
  readonly circuits = new BackendCircuits();
  private known = new Map<string, Backend>();
  private readonly live = new Map<string, LiveBackend>();
  private readonly health = new Map<string, BackendHealth>();
  private readonly probing = new Set<string>();
  private readonly closing = new AbortController();
  private timer: NodeJS.Timeout | null = null;

  constructor(
    readonly store: BackendStore,
    private readonly logger: Logger,
  ) {}

  /** Takes in the configured backends and remembers the retired ones. Asks none of them anything. */
  async open(
    configured: readonly {
      readonly backend: Omit<Backend, 'id'>;
      readonly provider: LiveBackend['provider'];
    }[],
  ): Promise<void> {
    for (const { backend, provider } of configured) {
      const recorded = await this.store.record(backend);
      this.live.set(recorded.id, { backend: recorded, provider });
    }
    const all = await this.store.all(this.store.database.reader);
    this.known = new Map(all.map((backend) => [backend.id, backend]));
  }

  /** Begins to ask how they are. The first request to a backend may load a library, so that whoever starts comes first. */
  startProbing(): void {
    this.timer = setInterval(() => {
      this.probeDue();
    }, AWAY_PROBE_INTERVAL_MS);
    this.probeDue();
  }

  /** In the order of their names. */
  all(): Backend[] {
    return [...this.known.values()];
  }

  allLive(): LiveBackend[] {
    return [...this.live.values()];
  }

  get(id: string): Backend | null {
    return this.known.get(id) ?? null;
  }

  healthOf(id: string): BackendHealth {
    return this.live.has(id) ? (this.health.get(id) ?? NOT_ASKED) : RETIRED;
  }

  /** The provider to work with. @throws FAILED_PRECONDITION when the backend is no longer configured */
  require(id: string): LiveBackend {
    const live = this.live.get(id);
    if (live) return live;
    throw new AppError('FAILED_PRECONDITION', 'The backend is no longer configured.');
  }

  /** The id of a backend, retired ones included, for filters. @throws NOT_FOUND naming the field */
  resolveId(nameOrId: string, field: string): string {
    const known = this.all().find(({ id, name }) => id === nameOrId || name === nameOrId);
    return known?.id ?? this.resolve(nameOrId, field).backend.id;
  }

  /** A backend by its name or its id, as inputs call it. @throws NOT_FOUND naming the field */
  resolve(nameOrId: string, field: string): LiveBackend {
    for (const live of this.live.values()) {
      if (live.backend.name === nameOrId || live.backend.id === nameOrId) return live;
    }
    throw new AppError(
      'NOT_FOUND',
      `${field}: there is no backend ${JSON.stringify(nameOrId.slice(0, 80))}.`,
      {
        details: { field },
      },
    );
  }

  /**
   * Takes the end of any call for news of its backend: one that could not be reached is asked at once, and so is one
   * that was away and has answered. A call that was held back is no news: nobody was asked.
   */
  heard(name: string, { method, code }: ProviderCall): void {
    if (method === 'probe' || method === 'watch' || method === 'close') return;
    const live = this.allLive().find(({ backend }) => backend.name === name);
    if (!live) return;
    const isAway = this.healthOf(live.backend.id).status !== 'ONLINE';
    const isSilent = code === 'UNAVAILABLE' || code === 'DEADLINE_EXCEEDED';
    if (isAway ? code === 'OK' : isSilent) void this.probe(live);
  }

  private probeDue(): void {
    for (const live of this.live.values()) {
      const { status, checkedAt } = this.healthOf(live.backend.id);
      const rested = Date.now() - (checkedAt ?? 0) >= PROBE_INTERVAL_MS;
      if (status !== 'ONLINE' || rested) void this.probe(live);
    }
  }

  private async probe(live: LiveBackend): Promise<void> {
    const { id } = live.backend;
    if (this.probing.has(id) || this.closing.signal.aborted) return;
    this.probing.add(id);
    await this.ask(live);
    this.probing.delete(id);
  }

  private async ask({ backend, provider }: LiveBackend): Promise<void> {
    const before = this.healthOf(backend.id).status;
    const context = unwatchedCall(this.closing.signal, this.logger);
    try {
      const probe = await provider.probe(context);
      this.health.set(backend.id, { status: 'ONLINE', probe, checkedAt: Date.now() });
      if (before !== 'ONLINE') {
        this.logger.info({ backend: backend.name, version: probe.version }, 'The backend is online.');
      }
    } catch (error) {
      if (this.closing.signal.aborted) return;
      this.health.set(backend.id, { status: 'OFFLINE', probe: null, checkedAt: Date.now() });
      if (before !== 'OFFLINE')
        this.logger.warn({ backend: backend.name, err: error }, 'The backend is offline.');
    }
  }

  async close(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    this.closing.abort();
    await Promise.all([...this.live.values()].map(({ provider }) => provider.close()));
  }
}
