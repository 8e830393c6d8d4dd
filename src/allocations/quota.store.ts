import { In } from 'typeorm';
import { insertRows, lockRow, updateRows } from '../database';
import type { Database, Session } from '../database';
import type { TenantScope } from '../kernel';
import { amountsOf, eachResource, NOTHING } from './amounts';
import type { Amounts } from './amounts';
import { UNLIMITED } from './quota';
import type { Limits, Quota } from './quota';
import type { QuotaRow } from './quota.table';
import type { QuotaKey, Reservation } from './reservation';
import type { ReservationRow } from './reservation.table';

/** A quota whose row is locked until the transaction ends. */
export interface LockedQuota extends Quota {
  readonly revision: number;
}

function toQuota({ tenantId, backendId, limits, used, held, revision }: QuotaRow): LockedQuota {
  const plain = (amounts: Amounts): Amounts => amountsOf(amounts);
  return {
    ...{ tenantId, backendId, revision, used: plain(used), held: plain(held) },
    limits: eachResource((resource) => limits[resource]),
  };
}

function toReservation(row: ReservationRow): Reservation {
  const { holderId, objectId, tenantId, backendId, state, ...amounts } = row;
  return { holderId, objectId, tenantId, backendId, state, amounts: amountsOf(amounts) };
}

function toRow({ amounts, ...one }: Reservation): ReservationRow {
  return { ...one, ...amounts };
}

/** Quotas and the reservations that count towards them. Whoever writes a reservation has locked its quota. */
export class QuotaStore {
  constructor(readonly database: Database) {}

  /** The quotas of tenants, as far as the scope sees them; a backend that was never used may be missing. */
  async ofTenants(session: Session, scope: TenantScope, tenantIds: readonly string[]): Promise<Quota[]> {
    const seen = tenantIds.filter((id) => scope.sees(id));
    if (seen.length === 0) return [];
    return (await session.find<QuotaRow>('Quota', { where: { tenantId: In(seen) } })).map(toQuota);
  }

  async keys(session: Session): Promise<QuotaKey[]> {
    return (await session.find<QuotaRow>('Quota')).map(({ tenantId, backendId }) => ({
      tenantId,
      backendId,
    }));
  }

  /**
   * Reads a quota, which is made where there is none, and keeps others from changing it or its reservations until the
   * transaction ends. On a cluster two nodes may hold this lock: `write` makes them collide at their commit.
   */
  async lock(session: Session, { tenantId, backendId }: QuotaKey): Promise<LockedQuota> {
    const key = { tenantId, backendId };
    const known = await lockRow<QuotaRow>(session, 'Quota', key);
    if (known) return toQuota(known);
    const fresh: QuotaRow = { ...key, limits: UNLIMITED, used: NOTHING, held: NOTHING, revision: 0 };
    // Two may come first at once. Updating instead of ignoring takes the lock that ignoring would only share.
    await session
      .createQueryBuilder()
      .insert()
      .into<QuotaRow>('Quota')
      .values(fresh)
      .orUpdate(['tenant_id'], ['tenant_id', 'backend_id'])
      .execute();
    const made = await lockRow<QuotaRow>(session, 'Quota', key);
    if (!made) throw new Error('A quota was not recorded.');
    return toQuota(made);
  }

  /** Writes what has changed. Always a change of the row: on a cluster it is what two writers collide by. */
  async write(
    session: Session,
    { tenantId, backendId, revision }: LockedQuota,
    patch: { readonly limits?: Limits; readonly used?: Amounts; readonly held?: Amounts },
  ): Promise<void> {
    const written = await updateRows<QuotaRow>(
      session,
      'Quota',
      { ...patch, revision: revision + 1 },
      'tenant_id = :tenantId AND backend_id = :backendId AND revision = :revision',
      { tenantId, backendId, revision },
    );
    if (written !== 1) throw new Error('A quota was changed under its lock.');
  }

  async reservationsOf(session: Session, objectId: string): Promise<Reservation[]> {
    return (await session.find<ReservationRow>('Reservation', { where: { objectId } })).map(toReservation);
  }

  async reservationsIn(session: Session, { tenantId, backendId }: QuotaKey): Promise<Reservation[]> {
    const where = { tenantId, backendId };
    return (await session.find<ReservationRow>('Reservation', { where })).map(toReservation);
  }

  async replace(
    session: Session,
    gone: readonly Reservation[],
    fresh: readonly Reservation[],
  ): Promise<void> {
    for (const { holderId } of gone) await session.delete<ReservationRow>('Reservation', { holderId });
    await insertRows<ReservationRow>(session, 'Reservation', fresh.map(toRow));
  }
}
