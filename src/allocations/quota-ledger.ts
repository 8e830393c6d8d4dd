import type { Session } from '../database';
import { AppError } from '../kernel';
import { add, eachResource, subtract } from './amounts';
import type { Amounts, Resource } from './amounts';
import { shortagesOf } from './quota';
import type { Quota, Shortage } from './quota';
import type { QuotaStore } from './quota.store';
import { balanceOf, sameReservation } from './reservation';
import type { QuotaKey, Reservation } from './reservation';

/** What a reservation is for, and where it counts. */
export interface Claimant extends QuotaKey {
  readonly objectId: string;
}

/** Where in the input what is asked of a resource stands. */
export type ResourceFields = Readonly<Record<Resource, string>>;

/** For a repetition, whose input names no more than the task. */
export const FIELDS_OF_RETRY: ResourceFields = eachResource(() => 'input.id');

type Edit = (reservations: readonly Reservation[]) => readonly Reservation[];

/**
 * The ledger of what tenants take of backends. Everything here belongs into the transaction of what it is about: a
 * hold into that of its task's row, its end into that of the task's end. Each call locks the quota as the last of
 * the rows that its transaction locks, for others wait for it.
 */
export class QuotaLedger {
  constructor(
    readonly store: QuotaStore,
    /** A backend's name, for people. */
    private readonly nameOf: (backendId: string) => string,
  ) {}

  /**
   * Holds for a task what its object may come to: its whole size, not the difference.
   * @throws RESOURCE_EXHAUSTED naming in `details` every limit that does not allow it; nothing is written then
   */
  async hold(
    session: Session,
    claimant: Claimant,
    taskId: string,
    amounts: Amounts,
    fields: ResourceFields,
  ): Promise<void> {
    const { tenantId, backendId, objectId } = claimant;
    const hold: Reservation = {
      ...{ holderId: taskId, objectId, tenantId, backendId, amounts },
      state: 'HELD',
    };
    await this.change(
      session,
      claimant,
      (known) => [...known, hold],
      (quota, growth) => {
        const shortages = shortagesOf(quota, growth);
        if (shortages.length > 0) throw this.exhausted(backendId, shortages, fields);
      },
    );
  }

  /** The object is known to use so much from now on; the task's hold, if it has one, is over. */
  async commit(session: Session, claimant: Claimant, taskId: string, amounts: Amounts): Promise<void> {
    await this.change(session, claimant, (known) => [
      ...known.filter(({ holderId }) => holderId !== taskId && holderId !== claimant.objectId),
      committed(claimant, amounts),
    ]);
  }

  /**
   * Follows what was observed of an object: facts are counted and never refused. While the task that makes it is open,
   * they correct what that holds.
   */
  async follow(
    session: Session,
    claimant: Claimant,
    creationTaskId: string | null,
    amounts: Amounts,
  ): Promise<void> {
    await this.change(session, claimant, (known) => {
      const isBeingMade = known.some(({ holderId }) => holderId === creationTaskId);
      if (isBeingMade)
        return known.map((one) => (one.holderId === creationTaskId ? { ...one, amounts } : one));
      return [
        ...known.filter(({ holderId }) => holderId !== claimant.objectId),
        committed(claimant, amounts),
      ];
    });
  }

  /** The task has ended: what the object is known to use stays, what was held beyond it is free. */
  async endHold(session: Session, claimant: Claimant, taskId: string): Promise<void> {
    await this.change(session, claimant, (known) => known.filter(({ holderId }) => holderId !== taskId));
  }

  /** The object is gone, with all that was held for it. */
  async release(session: Session, claimant: Claimant): Promise<void> {
    await this.change(session, claimant, () => []);
  }

  private async change(
    session: Session,
    { tenantId, backendId, objectId }: Claimant,
    edit: Edit,
    judge: (quota: Quota, growth: Amounts) => void = () => undefined,
  ): Promise<void> {
    const quota = await this.store.lock(session, { tenantId, backendId });
    const before = await this.store.reservationsOf(session, objectId);
    const after = edit(before);
    const [was, is] = [balanceOf(before), balanceOf(after)];
    const [used, held] = [subtract(is.used, was.used), subtract(is.held, was.held)];
    judge(quota, add(used, held));
    const isIn = (list: readonly Reservation[]) => (one: Reservation) =>
      list.some((other) => sameReservation(one, other));
    const gone = before.filter((one) => !isIn(after)(one));
    const fresh = after.filter((one) => !isIn(before)(one));
    if (gone.length === 0 && fresh.length === 0) return;
    await this.store.replace(session, gone, fresh);
    await this.store.write(session, quota, { used: add(quota.used, used), held: add(quota.held, held) });
  }

  private exhausted(backendId: string, shortages: readonly Shortage[], fields: ResourceFields): AppError {
    const backend = this.nameOf(backendId);
    const missing = shortages.map(
      ({ limit, capacity, used, held, requested }) =>
        `${limit} (limit ${String(capacity)}, used ${String(used)}, held ${String(held)}, asked for ${String(requested)})`,
    );
    const field = fields[shortages[0]?.limit ?? 'vms'];
    return new AppError(
      'RESOURCE_EXHAUSTED',
      `${field}: the tenant’s quota on the backend ${backend} does not allow it: ${missing.join(', ')}.`,
      { details: { field, backend, limits: shortages } },
    );
  }
}

function committed({ tenantId, backendId, objectId }: Claimant, amounts: Amounts): Reservation {
  return { holderId: objectId, objectId, tenantId, backendId, state: 'COMMITTED', amounts };
}
