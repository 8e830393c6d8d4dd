/** What a client was promised: the task that it was told of, by the key that it asked with. */
export interface Acknowledgement {
  readonly idempotencyKey: string;
  readonly taskId: string;
  /** Whether somebody asked to cancel it later. */
  cancelled: boolean;
}

export interface BackendVm {
  readonly backend: string;
  readonly externalId: string;
  /** Whose it is by its marker; null for what carries none. */
  readonly objectId: string | null;
}

export interface RecordedTask {
  readonly id: string;
  readonly operation: string;
  readonly targetId: string;
  readonly status: string;
  readonly message: string | null;
  readonly lastSequence: number;
}

export interface RecordedVm {
  readonly id: string;
  readonly tenantId: string;
  readonly backendId: string;
  readonly cpuCount: number;
  readonly memoryMib: number;
  readonly lifecycle: string;
  readonly externalId: string | null;
}

export interface RecordedEvent {
  readonly topic: string;
  readonly subjectId: string;
  readonly sequence: number;
  /** Null before it was placed. */
  readonly position: number | null;
  readonly kind: string;
}

/** What a tenant is said to take of a backend. */
export interface RecordedQuota {
  readonly tenantId: string;
  readonly backendId: string;
  readonly usedVms: number;
  readonly usedCpuCount: number;
  readonly usedMemoryMib: number;
  readonly heldVms: number;
}

/** A task's fence that went back: a write by a worker that held the task no longer. */
export interface StaleWrite {
  readonly taskId: string;
  readonly fence: number;
  readonly wrote: number;
}

/** All that is looked at once nothing is under way any more. */
export interface Evidence {
  readonly acknowledgements: readonly Acknowledgement[];
  readonly tasks: readonly RecordedTask[];
  readonly vms: readonly RecordedVm[];
  readonly events: readonly RecordedEvent[];
  readonly quotas: readonly RecordedQuota[];
  readonly staleWrites: readonly StaleWrite[];
  readonly backendVms: readonly BackendVm[];
}
