import type { BackendDirectory, LiveBackend } from '../backends';
import { TenantScope } from '../kernel';
import type { Logger } from '../kernel';
import { unwatchedCall } from '../providers/contract';
import type { BackendEvent, VmObservation } from '../providers/contract';
import type { Vm } from './vm';
import { recordGone, recordObservation } from './vm-observation';
import type { ObservationServices } from './vm-observation';

export interface VmObserverOptions extends ObservationServices {
  readonly backends: BackendDirectory;
  readonly installationId: string;
  readonly logger: Logger;
}

/**
 * Keeps what is on record true to what the backends say: by their events, and by what a listing shows. Listing them
 * now and then, for those that do not tell of changes, is the reconciler's part, which needs the list for more than that.
 */
export class VmObserver {
  private readonly queues = new Map<string, Promise<void>>();

  constructor(private readonly options: VmObserverOptions) {}

  /**
   * Takes in what one backend tells until `signal` is aborted; resolves when nothing of it is under way any more. At once
   * for one that tells of nothing.
   */
  async observe(live: LiveBackend, signal: AbortSignal): Promise<void> {
    if (live.provider.capabilities.watch === 'PUSH') await this.follow(live, signal);
    await this.queues.get(live.backend.id);
  }

  /**
   * Lists a backend's VMs and records what is said of them.
   * @returns all of them; what is not among them is for the caller to judge
   * @throws when the list could not be read to its end
   */
  survey(live: LiveBackend, signal: AbortSignal): Promise<readonly VmObservation[]> {
    return this.inTurn(live, () => this.list(live, signal));
  }

  private async follow(live: LiveBackend, signal: AbortSignal): Promise<void> {
    try {
      await live.provider.watch((event) => {
        this.enqueue(live, signal, () => this.apply(live, signal, event));
      }, signal);
    } catch (error) {
      if (signal.aborted) return;
      this.options.logger.error({ err: error, backend: live.backend.name }, 'The backend’s feed ended.');
    }
  }

  /** One after another per backend, so that an older event never overtakes a newer one. */
  private inTurn<T>(live: LiveBackend, work: () => Promise<T>): Promise<T> {
    const turn = (this.queues.get(live.backend.id) ?? Promise.resolve()).then(work);
    const over = (): void => undefined;
    this.queues.set(live.backend.id, turn.then(over, over));
    return turn;
  }

  private enqueue(live: LiveBackend, signal: AbortSignal, work: () => Promise<unknown>): void {
    if (signal.aborted) return;
    const unlessOver = (): Promise<unknown> => (signal.aborted ? Promise.resolve() : work());
    this.inTurn(live, unlessOver).catch((error: unknown) => {
      if (signal.aborted) return;
      this.options.logger.warn(
        { err: error, backend: live.backend.name },
        'What the backend tells of its VMs could not be taken in.',
      );
    });
  }

  private async apply(live: LiveBackend, signal: AbortSignal, event: BackendEvent): Promise<unknown> {
    if (event.type === 'RESYNC') return this.list(live, signal);
    if (event.type === 'VM_CHANGED') return this.record(live, event.vm);
    const { store } = this.options;
    const vm = await store.findByExternalId(store.database.reader, live.backend.id, event.externalId);
    if (vm) await store.database.transaction((session) => recordGone(store, session, vm.id));
    return undefined;
  }

  private async record(live: LiveBackend, observed: VmObservation): Promise<void> {
    if (observed.marker?.installationId !== this.options.installationId) return;
    const vmId = observed.marker.objectId;
    await this.options.store.database.transaction(async (session) => {
      const vm = await this.options.store.find(session, TenantScope.system(), vmId);
      if (vm?.backendId !== live.backend.id || !isMeant(vm, observed)) return;
      await recordObservation(this.options, session, vmId, observed);
    });
  }

  private async list(live: LiveBackend, signal: AbortSignal): Promise<readonly VmObservation[]> {
    const { installationId, logger } = this.options;
    const context = unwatchedCall(signal, logger);
    const listed: VmObservation[] = [];
    let pageToken: string | null = null;
    do {
      const page = await live.provider.listVms({ installationId, pageToken }, context);
      for (const observed of page.items) await this.record(live, observed);
      listed.push(...page.items);
      pageToken = page.nextPageToken;
    } while (pageToken !== null);
    return listed;
  }
}

/** Whether what was observed is the VM on record, and not merely something with its marker. */
function isMeant({ lifecycle, externalId }: Vm, observed: VmObservation): boolean {
  // While it is being made, the workflow records what it made itself.
  if (lifecycle === 'PROVISIONING') return false;
  // Its creation was taken back: what comes late is an orphan, also while that is being removed.
  if ((lifecycle === 'ERROR' || lifecycle === 'DELETING') && externalId === null) return false;
  return externalId === null || externalId === observed.externalId;
}
