import { EntitySchema } from 'typeorm';
import { idColumn, intColumn, jsonColumn, longTextColumn, momentColumn, textColumn } from '../database';
import type { TaskError, TaskOperation, TaskPhase, TaskStatus } from './task';

/** A task's row; the columns after `error` are the engine's own and never leave it. */
export interface TaskRow {
  id: string;
  tenantId: string | null;
  /** The backend whose share of the workers it takes; null where it asks none, or was queued before this was kept. */
  backendId: string | null;
  operation: TaskOperation;
  targetId: string;
  /** The failed task that it repeats. */
  retryOf: string | null;
  actor: string;
  status: TaskStatus;
  phase: TaskPhase;
  progress: number;
  message: string | null;
  attempts: number;
  cancellableWhileRunning: number;
  cancelRequestedAt: number | null;
  createdAt: number;
  startedAt: number | null;
  endedAt: number | null;
  deadlineAt: number | null;
  error: TaskError | null;
  /** For the operator: what really happened. */
  errorDetail: string | null;
  input: unknown;
  /** Tasks of one lane run one after another, in the order of their positions. */
  lane: string;
  lanePosition: number;
  /** 1 until the task has ended, then null, so that the index of open tasks holds nothing else. */
  open: number | null;
  /** Not to be claimed before; how retries wait. */
  availableAt: number;
  leaseOwner: string | null;
  leaseUntil: number | null;
  /** Grows with each claim; every write of a worker carries the one that it was given. */
  fence: number;
  /** Claims in a row that ended with the death of their worker. */
  crashes: number;
  /** The sequence number of the task's newest event. */
  lastSequence: number;
}

export const taskTable = new EntitySchema<TaskRow>({
  name: 'Task',
  tableName: 'task',
  columns: {
    id: idColumn('id', { primary: true }),
    tenantId: idColumn('tenant_id', { nullable: true }),
    backendId: idColumn('backend_id', { nullable: true }),
    operation: textColumn('operation', 32),
    targetId: idColumn('target_id'),
    retryOf: idColumn('retry_of', { nullable: true }),
    actor: textColumn('actor', 64),
    status: textColumn('status', 16),
    phase: textColumn('phase', 8),
    progress: intColumn('progress'),
    message: textColumn('message', 500, { nullable: true }),
    attempts: intColumn('attempts'),
    cancellableWhileRunning: intColumn('cancellable_while_running'),
    cancelRequestedAt: momentColumn('cancel_requested_at', { nullable: true }),
    createdAt: momentColumn('created_at'),
    startedAt: momentColumn('started_at', { nullable: true }),
    endedAt: momentColumn('ended_at', { nullable: true }),
    deadlineAt: momentColumn('deadline_at', { nullable: true }),
    error: jsonColumn('error', { nullable: true }),
    errorDetail: longTextColumn('error_detail', { nullable: true }),
    input: jsonColumn('input'),
    lane: textColumn('lane', 64),
    lanePosition: intColumn('lane_position'),
    open: intColumn('open', { nullable: true }),
    availableAt: momentColumn('available_at'),
    leaseOwner: textColumn('lease_owner', 64, { nullable: true }),
    leaseUntil: momentColumn('lease_until', { nullable: true }),
    fence: intColumn('fence'),
    crashes: intColumn('crashes'),
    lastSequence: intColumn('last_sequence'),
  },
  indices: [
    { name: 'task_lane', columns: ['lane', 'lanePosition'], unique: true },
    { name: 'task_turn', columns: ['open', 'tenantId', 'backendId', 'availableAt', 'id'] },
    { name: 'task_held', columns: ['open', 'leaseUntil'] },
    { name: 'task_retry', columns: ['retryOf'], unique: true },
    { name: 'task_tenant', columns: ['tenantId', 'id'] },
    { name: 'task_target', columns: ['targetId', 'id'] },
  ],
});
