import { everySnapshot } from '../model/machine';
import type { Machine, Snapshot } from '../model/machine';

/** Puts it below the current snapshot, or beside the roots where there is none. */
export function attachSnapshot(machine: Machine, snapshot: Snapshot): void {
  const parent = find(machine, machine.currentSnapshot);
  if (parent) parent.children = [...parent.children, snapshot];
  else machine.snapshots = [...machine.snapshots, snapshot];
  machine.currentSnapshot = snapshot.ref.value;
}

/** Takes it out; its children take its place. */
export function detachSnapshot(machine: Machine, gone: Snapshot): void {
  const without = (list: readonly Snapshot[]): Snapshot[] =>
    list.flatMap((one) => {
      one.children = without(one.children);
      return one.ref.value === gone.ref.value ? one.children : [one];
    });
  const parent = parentOf(machine, gone.ref.value);
  machine.snapshots = without(machine.snapshots);
  if (machine.currentSnapshot === gone.ref.value) machine.currentSnapshot = parent?.ref.value ?? null;
}

function find(machine: Machine, id: string | null): Snapshot | null {
  for (const snapshot of everySnapshot(machine.snapshots)) if (snapshot.ref.value === id) return snapshot;
  return null;
}

function parentOf(machine: Machine, id: string): Snapshot | null {
  for (const snapshot of everySnapshot(machine.snapshots))
    if (snapshot.children.some((one) => one.ref.value === id)) return snapshot;
  return null;
}
