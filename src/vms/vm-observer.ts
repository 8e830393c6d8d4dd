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

/** One backend under observation, until `signal` is aborted. */
interface Watch {
  readonly live: LiveBackend;
  readonly signal: AbortSignal;
  /** What has been heard is taken in one after another, so that an older event never overtakes a newer one. */
  queue: Promise<void>;
}

/** Keeps what is on record true to what the backends say: by their events, and by listing them now and then. */
export class VmObserver {
  constructor(private readonly options: VmObserverOptions) {}

  /** Observes one backend until `signal` is aborted; resolves when nothing of it is under way any more. */
  async observe(live: LiveBackend, signal: AbortSignal): Promise<void> {
    const watch: Watch = { live, signal, queue: Promise.resolve() };
    const list = (): void => {
      this.enqueue(watch, () => this.reconcile(watch));
    };
    const timer = setInterval(list, this.options.reconcileMs);
    try {
      if (live.provider.capabilities.watch === 'PUSH') await this.follow(watch);
      else list();
      await aborted(signal);
    } finally {
      clearInterval(timer);
      await watch.queue;
    }
  }

  private async follow(watch: Watch): Promise<void> {
    const { live, signal } = watch;
    try {
      await live.provider.watch((event) => {
        this.enqueue(watch, () => this.apply(watch, event));
      }, signal);
    } catch (error) {
      if (signal.aborted) return;
      this.options.logger.error({ err: error, backend: live.backend.name }, 'The backend’s feed ended.');
    }
  }

  private enqueue(watch: Watch, work: () => Promise<void>): void {
    const { live, signal } = watch;
    if (signal.aborted) return;
    const unlessOver = (): Promise<void> => (signal.aborted ? Promise.resolve() : work());
    watch.queue = watch.queue.then(unlessOver).catch((error: unknown) => {
      if (signal.aborted) return;
      this.options.logger.warn(
        { err: error, backend: live.backend.name },
        'What the backend tells of its VMs could not be taken in.',
      );
    });
  }

  private async apply(watch: Watch, event: BackendEvent): Promise<void> {
    const { live } = watch;
    if (event.type === 'RESYNC') return this.reconcile(watch);
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

  private async reconcile({ live, signal }: Watch): Promise<void> {
    const { store, installationId, logger } = this.options;
    const context = unwatchedCall(signal, logger);
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

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
