import { nowSql } from '../database';
import type { Database, Session } from '../database';
import { isProtected } from '../kernel';
import type { TaskOperation } from './task';
import type { TaskRow } from './task.table';
import type { CountedShare, Share, WaitingShare } from './turn-plan';

/** A task that could run, as it was seen. */
export interface Candidate {
  readonly id: string;
  readonly fence: number;
  readonly operation: TaskOperation;
}

/** SQL: no open task stands before `task` in its lane. */
export const FIRST_OF_LANE =
  'NOT EXISTS (SELECT 1 FROM task earlier WHERE earlier.lane = task.lane AND earlier.open = 1' +
  ' AND earlier.lane_position < task.lane_position)';

interface RawShare extends Share {
  readonly count: number | string;
}

const SHARE = ['task.tenant_id AS "tenantId"', 'task.backend_id AS "backendId"', 'COUNT(*) AS "count"'];

/**
 * Who waits and what is under way, by tenant and backend. Reads without locks and through indices that hold nothing of
 * ended tasks; the claim that follows decides.
 */
export class TaskTurnStore {
  constructor(private readonly database: Database) {}

  private get now(): string {
    return nowSql(this.database.dialect);
  }

  /** Open tasks that are due, those under way included. */
  async waiting(session: Session): Promise<WaitingShare[]> {
    const rows = await session
      .createQueryBuilder<TaskRow>('Task', 'task')
      .select([...SHARE, 'MIN(task.available_at) AS "oldestAt"'])
      .where(`task.open = 1 AND task.available_at <= ${this.now}`)
      .groupBy('task.tenant_id, task.backend_id')
      .getRawMany<RawShare & { oldestAt: number | string }>();
    return rows.map((row) => ({ ...row, count: Number(row.count), oldestAt: Number(row.oldestAt) }));
  }

  /** Tasks that some worker holds. */
  async held(session: Session): Promise<CountedShare[]> {
    const rows = await session
      .createQueryBuilder<TaskRow>('Task', 'task')
      .select(SHARE)
      .where(`task.open = 1 AND task.lease_until >= ${this.now}`)
      .groupBy('task.tenant_id, task.backend_id')
      .getRawMany<RawShare>();
    return rows.map((row) => ({ ...row, count: Number(row.count) }));
  }

  /** How many tasks of one backend are held, by whomever. */
  async heldOn(session: Session, backendId: string): Promise<number> {
    return session
      .createQueryBuilder<TaskRow>('Task', 'task')
      .where(`task.open = 1 AND task.lease_until >= ${this.now} AND task.backend_id = :backendId`, {
        backendId,
      })
      .getCount();
  }

  /**
   * Tasks of one share that could run now, oldest first: due, not held, and first of their lane.
   * @param overdue for only those whose time is up: past their deadline, or not begun for `queueMs`; null for all
   */
  async candidates(
    session: Session,
    { tenantId, backendId }: Share,
    limit: number,
    overdue: { readonly queueMs: number } | null,
  ): Promise<Candidate[]> {
    const { now } = this;
    const select = session
      .createQueryBuilder<TaskRow>('Task', 'task')
      .select(['task.id AS id', 'task.fence AS fence', 'task.operation AS operation'])
      .where(`task.open = 1 AND task.available_at <= ${now}`)
      .andWhere(tenantId === null ? 'task.tenant_id IS NULL' : 'task.tenant_id = :tenantId', { tenantId })
      .andWhere(backendId === null ? 'task.backend_id IS NULL' : 'task.backend_id = :backendId', {
        backendId,
      })
      .andWhere(`(task.lease_until IS NULL OR task.lease_until < ${now})`)
      .andWhere(isProtected('lane') ? FIRST_OF_LANE : '1 = 1');
    if (overdue) {
      const end = `COALESCE(task.deadline_at, task.created_at + ${String(overdue.queueMs)})`;
      select.andWhere(`${end} <= ${now}`);
    }
    return select
      .orderBy('task.available_at', 'ASC')
      .addOrderBy('task.id', 'ASC')
      .limit(limit)
      .getRawMany<Candidate>();
  }
}
