import type { LiveBackend } from '../backends';
import type { Session } from '../database';
import { TenantScope } from '../kernel';
import type { NetworkStore, Network } from '../networks';
import type { CallContext, Marker, Outcome } from '../providers/contract';
import type { ObjectInventory } from './object-inventory';
import type { FoundObject, Lifecycle, RecordedObject } from './standing';

function toRecorded({ status, ...network }: Network): RecordedObject {
  return { ...network, lifecycle: status, isGone: false };
}

export class NetworkInventory implements ObjectInventory {
  readonly kind = 'NETWORK';

  constructor(
    private readonly store: NetworkStore,
    private readonly installationId: string,
  ) {}

  async list({ provider }: LiveBackend, context: CallContext): Promise<readonly FoundObject[]> {
    if (provider.capabilities.network.modes.length === 0) return [];
    return provider.listNetworks(this.installationId, context);
  }

  look(
    { provider }: LiveBackend,
    _externalId: string,
    marker: Marker,
    context: CallContext,
  ): Promise<FoundObject | null> {
    return provider.locateNetwork(marker, context);
  }

  remove(
    { provider }: LiveBackend,
    externalId: string,
    marker: Marker,
    context: CallContext,
  ): Promise<Outcome<null>> {
    return provider.deleteNetwork({ externalId, marker }, context);
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
    const network = await this.store.lock(session, TenantScope.system(), id);
    return network && toRecorded(network);
  }

  /** A network has no word for it but ERROR: nothing can be put on it, and it can be deleted. */
  async recordGone(session: Session, id: string): Promise<boolean> {
    await this.store.update(session, id, { status: 'ERROR' });
    return true;
  }

  recordBack(session: Session, id: string): Promise<void> {
    return this.store.update(session, id, { status: 'ACTIVE' });
  }

  recordFound(session: Session, id: string, externalId: string): Promise<void> {
    return this.store.update(session, id, { externalId });
  }

  recordRemoving(session: Session, id: string): Promise<void> {
    return this.store.update(session, id, { status: 'DELETING' });
  }

  recordFailed(session: Session, id: string): Promise<void> {
    return this.store.update(session, id, { status: 'ERROR' });
  }
}
