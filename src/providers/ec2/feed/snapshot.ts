import type { BackendEvent, VmObservation } from '../../contract';
import { isGone, observe } from '../instances';
import type { InventoryInstance } from '../instances';

interface Seen {
  readonly vm: VmObservation;
  /** It was missing from the last listing, which may miss what is there. */
  readonly missed: boolean;
}

/** What the last listings showed, by id. */
export type Snapshot = ReadonlyMap<string, Seen>;

export interface Difference {
  readonly events: readonly BackendEvent[];
  readonly snapshot: Snapshot;
}

/**
 * What has changed since. An instance is gone when EC2 says so, or when two listings in a row miss it: one alone may be
 * behind.
 */
export function compare(before: Snapshot, listing: readonly InventoryInstance[]): Difference {
  const events: BackendEvent[] = [];
  const snapshot = new Map<string, Seen>();
  const goneNow = new Set(listing.filter(({ instance }) => isGone(instance)).map(({ id }) => id));
  for (const vm of listing) {
    if (goneNow.has(vm.id) || vm.marker === null) continue;
    const seen = observe(vm);
    if (!isSame(before.get(vm.id)?.vm, seen)) events.push({ type: 'VM_CHANGED', vm: seen });
    snapshot.set(vm.id, { vm: seen, missed: false });
  }
  for (const [id, { vm, missed }] of before) {
    if (snapshot.has(id)) continue;
    if (missed || goneNow.has(id)) events.push({ type: 'VM_GONE', externalId: id });
    else snapshot.set(id, { vm, missed: true });
  }
  return { events, snapshot };
}

function isSame(one: VmObservation | undefined, other: VmObservation): boolean {
  return (
    one !== undefined &&
    JSON.stringify({ ...one, observedAt: 0 }) === JSON.stringify({ ...other, observedAt: 0 })
  );
}
