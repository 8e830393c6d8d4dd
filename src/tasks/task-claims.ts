import { performance } from 'node:perf_hooks';
import type { Database } from '../database';
import { passTask } from './crash-points';
import type { TaskLeaseStore } from './task-lease.store';
import type { Candidate, TaskTurnStore } from './task-turn.store';
import type { TaskRow } from './task.table';
import { TurnPlan } from './turn-plan';
import type { BackendLimit, WaitingShare } from './turn-plan';

export interface TaskClaimsOptions {
  readonly database: Database;
  readonly leases: TaskLeaseStore;
  readonly turns: TaskTurnStore;
  readonly limitOf: (backendId: string) => BackendLimit;
  readonly owner: string;
  readonly leaseMs: number;
  /** See `TaskEngineOptions`. */
  readonly queueMs: number;
}

/** Takes tasks for one worker: fairly between tenants, and within what each backend may have. */
export class TaskClaims {
  /** The number of each waiting tenant's last turn here. */
  private served = new Map<string | null, number>();
  private turn = 0;

  constructor(private readonly options: TaskClaimsOptions) {}

  /**
   * Claims up to `free` tasks, one after another.
   * @param here the tasks under way on this worker, whether it still holds them or not
   * @param begin told of each claimed task and of `performance.now()` from before its claim; false stops
   * @returns whether somebody else was faster somewhere, so that there may be more
   */
  async take(
    free: number,
    here: ReadonlyMap<string, Pick<TaskRow, 'backendId'>>,
    begin: (row: TaskRow, takenAt: number) => boolean,
  ): Promise<boolean> {
    const { database, turns, limitOf } = this.options;
    const waiting = await turns.waiting(database.reader);
    if (waiting.length === 0) return false;
    const held = await turns.held(database.reader);
    this.forgetAbsent(waiting);
    const backends = [...here.values()].map(({ backendId }) => backendId);
    const plan = new TurnPlan({ waiting, held, here: backends, limitOf, served: this.served });
    const seen = new Map<WaitingShare, Candidate[]>();
    let missed = false;
    for (let left = free; left > 0;) {
      const next = plan.next();
      if (!next) break;
      const { share, overdueOnly } = next;
      const candidates = seen.get(share) ?? (await this.look(share, left, overdueOnly));
      seen.set(share, candidates);
      const candidate = candidates.shift();
      if (!candidate) {
        plan.exhausted(share);
        continue;
      }
      // It was lost by this worker, which is not done with it: whoever comes next must be another one.
      if (here.has(candidate.id)) continue;
      const takenAt = performance.now();
      passTask(candidate.operation, 'claiming');
      const row = await this.claim(candidate, share);
      if (row === 'FULL') plan.exhausted(share);
      else if (row === null) missed = true;
      else {
        passTask(candidate.operation, 'claimed');
        plan.took(share);
        this.served.set(share.tenantId, (this.turn += 1));
        left -= 1;
        if (!begin(row, takenAt)) break;
      }
    }
    return missed;
  }

  private look(share: WaitingShare, limit: number, overdueOnly: boolean): Promise<Candidate[]> {
    const { database, turns, queueMs } = this.options;
    return turns.candidates(database.reader, share, limit, overdueOnly ? { queueMs } : null);
  }

  /** Null when somebody else was faster. FULL when others have filled the backend since the plan was made. */
  private claim(candidate: Candidate, { backendId }: WaitingShare): Promise<TaskRow | 'FULL' | null> {
    const { database, leases, turns, limitOf, owner, leaseMs } = this.options;
    const most = backendId === null ? Infinity : limitOf(backendId).everywhere;
    return database.transaction(async (session) => {
      const isFull =
        backendId !== null && most < Infinity && (await turns.heldOn(session, backendId)) >= most;
      return isFull ? 'FULL' : leases.claim(session, candidate, owner, leaseMs);
    });
  }

  /** A tenant without anything to do keeps no place in the round. */
  private forgetAbsent(waiting: readonly WaitingShare[]): void {
    const present = new Set(waiting.map(({ tenantId }) => tenantId));
    this.served = new Map([...this.served].filter(([tenantId]) => present.has(tenantId)));
  }
}
