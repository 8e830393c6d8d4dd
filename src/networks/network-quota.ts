import { amountsOf, livingReservations } from '../allocations';
import type { Claimant, QuotaKey, Reservation, ReservationSource, ResourceFields } from '../allocations';
import type { Session } from '../database';
import type { TaskStore } from '../tasks';
import type { Network } from './network';
import type { NetworkStore } from './network.store';

/** The step of CREATE_NETWORK from whose beginning on there may be something. */
export const MAKING_STEP = 'create-network';

/** A network asks for itself and nothing else. */
export const NETWORK_FIELDS: ResourceFields = {
  ...{ vms: 'input', cpuCount: 'input', memoryMib: 'input', storageGib: 'input', networks: 'input' },
};

export const ONE_NETWORK = amountsOf({ networks: 1 });

export function claimantOf({ id, tenantId, backendId }: Network): Claimant {
  return { objectId: id, tenantId, backendId };
}

/** What the networks on record take, for the recount. */
export class NetworkReservations implements ReservationSource {
  constructor(
    private readonly store: NetworkStore,
    private readonly tasks: TaskStore,
  ) {}

  keys(session: Session): Promise<QuotaKey[]> {
    return this.store.tenantsAndBackends(session);
  }

  async reservations(session: Session, key: QuotaKey): Promise<Reservation[]> {
    const networks = await this.store.livingOf(session, key);
    const objects = networks.map((network) => ({ ...network, amounts: ONE_NETWORK }));
    const rules = { creation: 'CREATE_NETWORK', makingStep: MAKING_STEP } as const;
    return livingReservations(session, this.tasks, key, objects, rules);
  }
}
