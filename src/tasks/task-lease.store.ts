import { findRows, nowSql, updateRows } from '../database';
import type { Database, RowValues, Session } from '../database';
import { isProtected } from '../kernel';
import { LeaseLostError } from './lease-lost-error';
import type { TaskStepRow } from './task-step.table';
import type { TaskRow } from './task.table';

/** A worker's hold on a task: the fence goes into every write, so that a late one of an old holder misses. */
export interface Hold {
  readonly taskId: string;
  readonly fence: number;
}

/** The engine's side of the task table: claims, heartbeats and fenced writes. */
export class TaskLeaseStore {
  constructor(private readonly database: Database) {}

  /**
   * Takes a task if nobody else did since it was seen. A task whose last holder died (the lease ran out instead of
   * being given back) counts a crash. Null when somebody was faster.
   */
  async claim(
    session: Session,
    seen: { id: string; fence: number },
    owner: string,
    leaseMs: number,
  ): Promise<TaskRow | null> {
    const now = nowSql(this.database.dialect);
    const claimed = await updateRows<TaskRow>(
      session,
      'Task',
      {
        // Before lease_owner: MySQL assigns from left to right and would see the new owner here.
        crashes: () => 'CASE WHEN lease_owner IS NULL THEN crashes ELSE crashes + 1 END',
        status: 'RUNNING',
        fence: () => 'fence + 1',
        attempts: () => 'attempts + 1',
        startedAt: () => `COALESCE(started_at, ${now})`,
        leaseOwner: owner,
        leaseUntil: () => `${now} + ${String(Math.round(leaseMs))}`,
      },
      `id = :id AND fence = :fence AND open = 1 AND (lease_until IS NULL OR lease_until < ${now})`,
      seen,
    );
    if (claimed !== 1) return null;
    const [row] = await findRows<TaskRow>(session, 'Task', 'id = :id', seen);
    return row ?? null;
  }

  async stepRows(session: Session, taskId: string): Promise<TaskStepRow[]> {
    return findRows<TaskStepRow>(session, 'TaskStep', 'task_id = :taskId ORDER BY position', { taskId });
  }

  /** Writes what only the holder may write. @throws LeaseLostError when the hold is no longer good */
  async update(session: Session, hold: Hold, patch: RowValues<TaskRow>): Promise<void> {
    if ((await updateRows<TaskRow>(session, 'Task', patch, held(), { ...hold })) !== 1) {
      throw new LeaseLostError(hold.taskId);
    }
  }

  /** The same if the task's newest event is still the one that is known. False when it is not, or the hold is lost. */
  async updateKnown(
    session: Session,
    hold: Hold,
    lastSequence: number,
    patch: RowValues<TaskRow>,
  ): Promise<boolean> {
    const where = `${held()} AND last_sequence = :known`;
    const parameters = { ...hold, known: lastSequence };
    return (
      (await updateRows<TaskRow>(session, 'Task', { fence: hold.fence, ...patch }, where, parameters)) === 1
    );
  }

  /** Reads the task and keeps others from changing it until the transaction ends. @throws LeaseLostError */
  async lockHeld(session: Session, hold: Hold): Promise<TaskRow> {
    const lock = this.database.dialect === 'mysql' ? ' FOR UPDATE' : '';
    const [row] = await findRows<TaskRow>(session, 'Task', held() + lock, { ...hold });
    if (!row) throw new LeaseLostError(hold.taskId);
    return row;
  }

  /** Writes a step; the caller writes the task in the same transaction, which checks the hold. */
  async updateStep(
    session: Session,
    hold: Hold,
    position: number,
    patch: RowValues<TaskStepRow>,
  ): Promise<void> {
    const where = 'task_id = :taskId AND position = :position';
    await updateRows<TaskStepRow>(session, 'TaskStep', patch, where, { taskId: hold.taskId, position });
  }

  /** Prolongs the lease. @throws LeaseLostError */
  async heartbeat(hold: Hold, leaseMs: number): Promise<void> {
    const until = `${nowSql(this.database.dialect)} + ${String(Math.round(leaseMs))}`;
    await this.database.transaction((session) => this.update(session, hold, { leaseUntil: () => until }));
  }

  /** Gives a task up without a word. @throws LeaseLostError */
  async release(hold: Hold): Promise<void> {
    const free = { leaseOwner: null, leaseUntil: null };
    await this.database.transaction((session) => this.update(session, hold, free));
  }

  /** What may have changed under the holder's hands: the wish to cancel. @throws LeaseLostError */
  async refresh(hold: Hold): Promise<TaskRow> {
    const where = isProtected('fence') ? 'id = :taskId AND fence = :fence AND open = 1' : 'id = :taskId';
    const [row] = await findRows<TaskRow>(this.database.reader, 'Task', where, { ...hold });
    if (!row) throw new LeaseLostError(hold.taskId);
    return row;
  }

  /**
   * Ends all leases at once. Only for a process that knows itself to be the only one: whoever held them is dead. Their
   * owners stay on record, so that the next claim counts a crash.
   */
  async expireAll(session: Session): Promise<number> {
    const patch = { leaseUntil: 0 };
    return updateRows<TaskRow>(session, 'Task', patch, 'open = 1 AND lease_until IS NOT NULL', {});
  }

  /** SQL for a moment `delayMs` from now. */
  inFuture(delayMs: number): string {
    return `${nowSql(this.database.dialect)} + ${String(Math.round(delayMs))}`;
  }
}

/** SQL: the hold is good. Without an owner the task was given back, by this very hold: what comes late must not take it. */
function held(): string {
  return isProtected('fence')
    ? 'id = :taskId AND fence = :fence AND open = 1 AND lease_owner IS NOT NULL'
    : 'id = :taskId';
}
