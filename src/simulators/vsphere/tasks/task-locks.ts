import type { Id, TaskRecord } from '../model/records';

export interface Occupation {
  /** Objects that no other task may use meanwhile. */
  readonly exclusive: readonly Id[];
  /** Objects that others may use in the same way, for example the source of a clone. */
  readonly shared: readonly Id[];
}

/** Which objects are in use by which task. */
export class TaskLocks {
  private readonly exclusive = new Map<Id, TaskRecord>();
  private readonly shared = new Map<Id, Set<TaskRecord>>();

  /** The task that stands in the way; null when there is none. */
  obstacle(wanted: Occupation): TaskRecord | null {
    for (const id of [...wanted.exclusive, ...wanted.shared]) {
      const holder = this.exclusive.get(id);
      if (holder) return holder;
    }
    for (const id of wanted.exclusive) for (const holder of this.shared.get(id) ?? []) return holder;
    return null;
  }

  take(task: TaskRecord, wanted: Occupation): void {
    for (const id of wanted.exclusive) this.exclusive.set(id, task);
    for (const id of wanted.shared) this.shared.set(id, (this.shared.get(id) ?? new Set()).add(task));
  }

  release(task: TaskRecord): void {
    for (const [id, holder] of this.exclusive) if (holder === task) this.exclusive.delete(id);
    for (const [id, holders] of this.shared)
      if (holders.delete(task) && holders.size === 0) this.shared.delete(id);
  }
}
