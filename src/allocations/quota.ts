import { eachResource, RESOURCES } from './amounts';
import type { Amounts, Resource } from './amounts';
import type { Balance, QuotaKey } from './reservation';

/** Null is no limit; zero is zero. */
export type Limits = Readonly<Record<Resource, number | null>>;

export const UNLIMITED: Limits = eachResource(() => null);

/** What a tenant may take of a backend, and what it has taken. */
export interface Quota extends QuotaKey, Balance {
  readonly limits: Limits;
}

/** A limit that does not allow what is asked for. A type of literals, because it becomes part of an error's details. */
export type Shortage = Readonly<{
  limit: Resource;
  /** Whose limit: BACKEND is the tenant's own on the backend. */
  scope: 'BACKEND';
  capacity: number;
  used: number;
  held: number;
  requested: number;
}>;

/**
 * Every limit that a growth of what is used or held would pass. What does not grow is not judged: a limit that was
 * lowered below what is in use refuses more of it, and nothing else.
 */
export function shortagesOf(
  { limits, used, held }: Omit<Quota, keyof QuotaKey>,
  growth: Amounts,
): Shortage[] {
  return RESOURCES.flatMap((resource) => {
    const capacity = limits[resource];
    const requested = growth[resource];
    const isEnough = capacity === null || used[resource] + held[resource] + requested <= capacity;
    if (requested <= 0 || isEnough) return [];
    return [
      { limit: resource, scope: 'BACKEND', capacity, used: used[resource], held: held[resource], requested },
    ];
  });
}
