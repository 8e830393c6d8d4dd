import { equal } from './amounts';
import type { Amounts } from './amounts';
import { balanceOf, sameReservation } from './reservation';
import type { Balance, QuotaKey, Reservation } from './reservation';

/** Something that the ledger says and that is not so. */
export interface Drift extends QuotaKey {
  /** What is wrong: a reservation, by its holder, or one of the totals. */
  readonly of: string;
  /** Null where nothing was recorded. */
  readonly recorded: Amounts | null;
  /** Null where nothing is. */
  readonly actual: Amounts | null;
}

/** What the ledger holds, compared with what there is. */
export interface Comparison {
  readonly drifts: readonly Drift[];
  /** The reservations that have to go: those of no holder, and wrong ones. */
  readonly wrong: readonly Reservation[];
  readonly missing: readonly Reservation[];
  readonly totals: Balance;
}

/**
 * Compares the ledger of one key with what its objects really take.
 * @param totals as they are recorded
 */
export function compare(
  key: QuotaKey,
  totals: Balance,
  recorded: readonly Reservation[],
  actual: readonly Reservation[],
): Comparison {
  const { tenantId, backendId } = key;
  const recordedBy = new Map(recorded.map((one) => [one.holderId, one]));
  const actualBy = new Map(actual.map((one) => [one.holderId, one]));
  const isRight = (one: Reservation): boolean => {
    const other = actualBy.get(one.holderId);
    return other !== undefined && sameReservation(one, other);
  };
  const wrong = recorded.filter((one) => !isRight(one));
  const missing = actual.filter((one) => {
    const known = recordedBy.get(one.holderId);
    return known === undefined || !isRight(known);
  });
  const drifts: Drift[] = [...new Set([...wrong, ...missing].map(({ holderId }) => holderId))].map(
    (holderId) => ({
      ...{ tenantId, backendId, of: holderId },
      recorded: recordedBy.get(holderId)?.amounts ?? null,
      actual: actualBy.get(holderId)?.amounts ?? null,
    }),
  );
  const right = balanceOf(actual);
  for (const total of ['used', 'held'] as const) {
    if (equal(totals[total], right[total])) continue;
    drifts.push({ tenantId, backendId, of: total, recorded: totals[total], actual: right[total] });
  }
  return { drifts, wrong, missing, totals: right };
}
