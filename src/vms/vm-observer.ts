import type { BackendDirectory, LiveBackend } from '../backends';
import { TenantScope } from '../kernel';
import type { Logger } from '../kernel';
import { unwatchedCall } from '../providers/contract';
import type { BackendEvent, VmObservation } from '../providers/contract';
import type { Vm } from './vm';
import { recordObservation } from './vm-observation';
import type { ObservationServices } from './vm-observation';

export interface VmObserverOptions extends ObservationServices {
  readonly backends: BackendDirectory;
  readonly installationId: string;
  readonly logger: Logger;
  /** How often to list backends that do not tell of changes, and all others for safety, in milliseconds. */
  readonly reconcileMs: number;
}

/** Keeps what is on record true to what the backends say: by their events, and by listing them now and then. */
export class VmObserver {
  private readonly closing = new AbortController();
  private readonly queues = new Map<string, Promise<void>>();
  private readonly watches: Promise<void>[] = [];
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly options: VmObserverOptions) {}

  start(): void {
    for (const live of this.options.backends.allLive()) {
      if (live.provider.capabilities.watch === 'PUSH') this.watches.push(this.watch(live));
      else this.enqueue(live, () => this.reconcile(live));
    }
    this.timer = setInterval(() => {
      for (const live of this.options.backends.allLive()) this.enqueue(live, () => this.reconcile(live));
    }, this.options.reconcileMs);
  }

  async close(): Promise<void> {
    this.closing.abort();
    if (this.timer) clearInterval(this.timer);
    await Promise.all(this.watches);
    await Promise.all(this.queues.values());
  }

  private async watch(live: LiveBackend): Promise<void> {
    try {
      await live.provider.watch((event) => {
        this.enqueue(live, () => this.apply(live, event));
      }, this.closing.signal);
    } catch (error) {
      if (this.closing.signal.aborted) return;
      this.options.logger.error({ err: error, backend: live.backend.name }, 'The backend’s feed ended.');
    }
  }

  /** One after another per backend, so that an older event never overtakes a newer one. */
  private enqueue(live: LiveBackend, work: () => Promise<void>): void {
    if (this.closing.signal.aborted) return;
    const before = this.queues.get(live.backend.id) ?? Promise.resolve();
    const after = before.then(work).catch((error: unknown) => {
      if (this.closing.signal.aborted) return;
      this.options.logger.warn(
        { err: error, backend: live.backend.name },
        'What the backend tells of its VMs could not be taken in.',
      );
    });
    this.queues.set(live.backend.id, after);
  }

  private async apply(live: LiveBackend, event: BackendEvent): Promise<void> {
    if (event.type === 'RESYNC') return this.reconcile(live);
    if (event.type === 'VM_CHANGED') return this.record(live, event.vm);
    const { store } = this.options;
    const vm = await store.findByExternalId(store.database.reader, live.backend.id, event.externalId);
    if (vm) await this.recordGone(vm.id);
  }

  private async record(live: LiveBackend, observed: VmObservation): Promise<void> {
    if (observed.marker?.installationId !== this.options.installationId) return;
    const vmId = observed.marker.objectId;
    await this.options.store.database.transaction(async (session) => {
      const vm = await this.options.store.find(session, TenantScope.system(), vmId);
      // While it is being made, the workflow records what it made itself.
      if (vm?.backendId !== live.backend.id || vm.lifecycle === 'PROVISIONING') return;
      await recordObservation(this.options, session, vmId, observed);
    });
  }

  /** A VM that vanished behind our back: its state is unknown, unless we are deleting it ourselves. */
  private async recordGone(vmId: string): Promise<void> {
    const { store } = this.options;
    await store.database.transaction(async (session) => {
      const vm = await store.lock(session, TenantScope.system(), vmId);
      if (vm?.lifecycle !== 'ACTIVE' || vm.powerState === 'UNKNOWN') return;
      await store.update(session, vmId, { powerState: 'UNKNOWN' });
    });
  }

  private async reconcile(live: LiveBackend): Promise<void> {
    const { store, installationId, logger } = this.options;
    const context = unwatchedCall(this.closing.signal, logger);
    const before = await store.livingOn(store.database.reader, live.backend.id);
    const seen = new Set<string>();
    let pageToken: string | null = null;
    do {
      const page = await live.provider.listVms({ installationId, pageToken }, context);
      for (const observed of page.items) {
        if (observed.marker) seen.add(observed.marker.objectId);
        await this.record(live, observed);
      }
      pageToken = page.nextPageToken;
    } while (pageToken !== null);
    const lag = live.provider.capabilities.listingLagMs;
    const settled = (vm: Vm): boolean => vm.observedAt === null || vm.observedAt < Date.now() - lag;
    for (const vm of before) if (!seen.has(vm.id) && settled(vm)) await this.recordGone(vm.id);
  }
}
