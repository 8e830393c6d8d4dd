import { add, equal, larger, NOTHING, subtract } from './amounts';
import type { Amounts } from './amounts';

/** Whose consumption is counted where. An allocation of a tenant on a backend will have the same key. */
export interface QuotaKey {
  readonly tenantId: string;
  readonly backendId: string;
}

/** HELD by an open task for what its object may come to; COMMITTED for what the object is known to use. */
export const RESERVATION_STATES = ['HELD', 'COMMITTED'] as const;
export type ReservationState = (typeof RESERVATION_STATES)[number];

/** One line of the ledger. */
export interface Reservation extends QuotaKey {
  /** The task while HELD, the object itself once COMMITTED: so each has one at most. */
  readonly holderId: string;
  /** The VM or network that it is for. */
  readonly objectId: string;
  readonly state: ReservationState;
  /** The whole size of the object, not a difference: so it stays right whatever happens to the others. */
  readonly amounts: Amounts;
}

export interface Balance {
  readonly used: Amounts;
  /** On top of what is used. */
  readonly held: Amounts;
}

/**
 * What one object counts for. Its tasks run one after another, so it never takes more at once than the largest of its
 * reservations: that is held as far as it goes beyond what is used.
 */
function balanceOfObject(reservations: readonly Reservation[]): Balance {
  const largest = (state: ReservationState): Amounts =>
    reservations
      .filter((one) => one.state === state)
      .map(({ amounts }) => amounts)
      .reduce(larger, NOTHING);
  const used = largest('COMMITTED');
  return { used, held: subtract(larger(used, largest('HELD')), used) };
}

/** What the reservations of any number of objects come to. */
export function balanceOf(reservations: readonly Reservation[]): Balance {
  const byObject = new Map<string, Reservation[]>();
  for (const one of reservations) {
    const siblings = byObject.get(one.objectId);
    if (siblings) siblings.push(one);
    else byObject.set(one.objectId, [one]);
  }
  return [...byObject.values()]
    .map(balanceOfObject)
    .reduce((sum, { used, held }) => ({ used: add(sum.used, used), held: add(sum.held, held) }), {
      used: NOTHING,
      held: NOTHING,
    });
}

export function sameReservation(a: Reservation, b: Reservation): boolean {
  return (
    a.holderId === b.holderId &&
    a.objectId === b.objectId &&
    a.tenantId === b.tenantId &&
    a.backendId === b.backendId &&
    a.state === b.state &&
    equal(a.amounts, b.amounts)
  );
}
