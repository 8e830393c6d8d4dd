import { performance } from 'node:perf_hooks';
import type { Database, Session } from '../database';
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

/** Where several workers want the same tasks, each looks so many times as far for others. */
const SPREAD = 4;

interface Picked {
  readonly candidate: Candidate;
  readonly backendId: string | null;
}

/** The task; or why it was not had. */
type Claim = TaskRow | 'FULL' | null;

/** Takes tasks for one worker: fairly between tenants, and within what each backend may have. */
export class TaskClaims {
  /** The number of each waiting tenant's last turn here. */
  private served = new Map<string | null, number>();
  private turn = 0;
  /** Whether somebody was faster at the last look. */
  private isContended = false;

  constructor(private readonly options: TaskClaimsOptions) {}

  /**
   * Claims up to `free` tasks, all in one transaction.
   * @param here the tasks under way on this worker, whether it still holds them or not
   * @param begin told of each claimed task and of `performance.now()` from before its claim
   * @returns whether somebody else was faster somewhere, so that there may be more
   */
  async take(
    free: number,
    here: ReadonlyMap<string, Pick<TaskRow, 'backendId'>>,
    begin: (row: TaskRow, takenAt: number) => void,
  ): Promise<boolean> {
    const picked = await this.pick(free, here);
    if (picked.length === 0) return false;
    const takenAt = performance.now();
    for (const { candidate } of picked) passTask(candidate.operation, 'claiming');
    const claims: Claim[] = [];
    for (const some of this.together(picked)) {
      claims.push(...(await this.options.database.transaction((session) => this.claimAll(session, some))));
    }
    for (const row of claims) {
      if (row === null || row === 'FULL') continue;
      passTask(row.operation, 'claimed');
      begin(row, takenAt);
    }
    this.isContended = claims.includes(null);
    return this.isContended || claims.includes('FULL');
  }

  /**
   * What is claimed in one transaction. On a database that lets two of them go on side by side neither counts what the
   * other has claimed of a limited backend: there each is to see what the last one left.
   */
  private together(picked: readonly Picked[]): readonly (readonly Picked[])[] {
    if (this.options.database.dialect === 'sqlite') return [picked];
    const isLimited = ({ backendId }: Picked): boolean => this.mostOn(backendId) < Infinity;
    const free = picked.filter((one) => !isLimited(one));
    return [...picked.filter(isLimited).map((one) => [one]), ...(free.length > 0 ? [free] : [])];
  }

  /** In the order of their ids, so that two workers that want the same ones do not wait for each other in a circle. */
  private async claimAll(session: Session, picked: readonly Picked[]): Promise<Claim[]> {
    const claims: Claim[] = [];
    const inOrder = [...picked].sort((a, b) => (a.candidate.id < b.candidate.id ? -1 : 1));
    for (const one of inOrder) claims.push(await this.claim(session, one));
    return claims;
  }

  private mostOn(backendId: string | null): number {
    return backendId === null ? Infinity : this.options.limitOf(backendId).everywhere;
  }

  /** Whose turn it is, as far as can be seen without locks. */
  private async pick(
    free: number,
    here: ReadonlyMap<string, Pick<TaskRow, 'backendId'>>,
  ): Promise<readonly Picked[]> {
    const { database, turns, limitOf } = this.options;
    const waiting = await turns.waiting(database.reader);
    if (waiting.length === 0) return [];
    const held = await turns.held(database.reader);
    this.forgetAbsent(waiting);
    const backends = [...here.values()].map(({ backendId }) => backendId);
    const plan = new TurnPlan({ waiting, held, here: backends, limitOf, served: this.served });
    const seen = new Map<WaitingShare, Candidate[]>();
    const picked: Picked[] = [];
    while (picked.length < free) {
      const next = plan.next();
      if (!next) break;
      const { share, overdueOnly } = next;
      const candidates = seen.get(share) ?? (await this.look(share, free, here, overdueOnly));
      seen.set(share, candidates);
      const candidate = candidates.shift();
      if (!candidate) {
        plan.exhausted(share);
        continue;
      }
      plan.took(share);
      this.served.set(share.tenantId, (this.turn += 1));
      picked.push({ candidate, backendId: share.backendId });
    }
    return picked;
  }

  /** What this worker has lost and is not done with is left out: whoever comes next must be another one. */
  private async look(
    share: WaitingShare,
    free: number,
    here: ReadonlyMap<string, unknown>,
    overdueOnly: boolean,
  ): Promise<Candidate[]> {
    const { database, turns, queueMs } = this.options;
    const overdue = overdueOnly ? { queueMs } : null;
    const most = free * (this.isContended ? SPREAD : 1) + here.size;
    const found = await turns.candidates(database.reader, share, most, overdue);
    const others = found.filter(({ id }) => !here.has(id));
    return this.isContended ? fromAnywhere(others) : others;
  }

  /** Null when somebody else was faster. FULL when others have filled the backend since the plan was made. */
  private async claim(session: Session, { candidate, backendId }: Picked): Promise<Claim> {
    const { leases, turns, owner, leaseMs } = this.options;
    const most = this.mostOn(backendId);
    const isFull = backendId !== null && most < Infinity && (await turns.heldOn(session, backendId)) >= most;
    return isFull ? 'FULL' : leases.claim(session, candidate, owner, leaseMs);
  }

  /** A tenant without anything to do keeps no place in the round. */
  private forgetAbsent(waiting: readonly WaitingShare[]): void {
    const present = new Set(waiting.map(({ tenantId }) => tenantId));
    this.served = new Map([...this.served].filter(([tenantId]) => present.has(tenantId)));
  }
}

/** The same, begun anywhere: workers that look at the same moment would all want the first ones. */
function fromAnywhere(candidates: readonly Candidate[]): Candidate[] {
  const start = Math.floor(Math.random() * candidates.length);
  return [...candidates.slice(start), ...candidates.slice(0, start)];
}
