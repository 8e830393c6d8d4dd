import type { LiveBackend } from '../backends';
import type { Session } from '../database';
import { TenantScope } from '../kernel';
import type { CallContext, Marker, Outcome } from '../providers/contract';
import { recordGone } from '../vms';
import type { Vm, VmObserver, VmStore } from '../vms';
import type { ObjectInventory } from './object-inventory';
import type { FoundObject, Lifecycle, RecordedObject } from './standing';

function toRecorded(vm: Vm): RecordedObject {
  return { ...vm, isGone: vm.powerState === 'UNKNOWN' };
}

/** VMs. The observer lists them, so that one listing serves both: their states, and the comparison. */
export class VmInventory implements ObjectInventory {
  readonly kind = 'VM';

  constructor(
    private readonly store: VmStore,
    private readonly observer: Pick<VmObserver, 'survey'>,
  ) {}

  list(live: LiveBackend, context: CallContext): Promise<readonly FoundObject[]> {
    return this.observer.survey(live, context.signal);
  }

  look(
    { provider }: LiveBackend,
    externalId: string,
    marker: Marker,
    context: CallContext,
  ): Promise<FoundObject | null> {
    return externalId === ''
      ? provider.locateVm(marker, context)
      : provider.getVm({ externalId, marker }, context);
  }

  remove(
    { provider }: LiveBackend,
    externalId: string,
    marker: Marker,
    context: CallContext,
  ): Promise<Outcome<null>> {
    return provider.deleteVm({ externalId, marker }, context);
  }

  async recorded(session: Session, ids: readonly string[]): Promise<readonly RecordedObject[]> {
    return (await this.store.findMany(session, TenantScope.system(), ids)).map(toRecorded);
  }

  async recordedOn(
    session: Session,
    backendId: string,
    lifecycles: readonly Lifecycle[],
  ): Promise<readonly RecordedObject[]> {
    return (await this.store.recordedOn(session, backendId, lifecycles)).map(toRecorded);
  }

  async lock(session: Session, id: string): Promise<RecordedObject | null> {
    const vm = await this.store.lock(session, TenantScope.system(), id);
    return vm && toRecorded(vm);
  }

  recordGone(session: Session, id: string): Promise<boolean> {
    return recordGone(this.store, session, id);
  }

  recordFound(session: Session, id: string, externalId: string): Promise<void> {
    return this.store.update(session, id, { externalId });
  }

  recordRemoving(session: Session, id: string): Promise<void> {
    return this.store.update(session, id, { lifecycle: 'DELETING' });
  }

  recordFailed(session: Session, id: string): Promise<void> {
    return this.store.update(session, id, { lifecycle: 'ERROR' });
  }
}
