import type { Cloud } from '../../model/cloud';
import type { Server, Work, WorkKind } from '../../model/server-record';
import type { Timers } from '../../model/timers';
import { plugCards } from './cards';
import { admit, failWork, vanish } from './failures';
import { OUTCOMES, POWER, setError, touchServer } from './outcomes';
import { MAY_VANISH, STAGES } from './stages';
import type { Stage } from './stages';

/** How long a deleted server is remembered, and how often that is looked at. */
const RETENTION_MS = 3_600_000;
const ARCHIVE_MS = 60_000;

/** Paused: it waits and goes on. Killed: what it was doing is interrupted, and what arrives lies in the queue. */
type Condition = 'RUNNING' | 'PAUSED' | 'KILLED';

/** Conductor, scheduler and hypervisors in one: it takes accepted work through its stages. */
export class ComputeService {
  private condition: Condition = 'RUNNING';
  private readonly due = new Map<string, () => void>();
  /** Whose next step came while the service was away. */
  private readonly held = new Set<string>();
  private readonly orders: WorkKind[] = [];

  constructor(
    private readonly cloud: Cloud,
    private readonly timers: Timers,
    private readonly random: () => number,
  ) {}

  /** Accepts work for a server, in place of whatever it was doing. The task's state is there at once. */
  begin(server: Server, kind: WorkKind, more: Pick<Work, 'imageId'> = {}): void {
    this.enter(server, { kind, stage: 0, ...more, ...(this.isToVanish(kind) && { vanishes: true }) });
  }

  /** The next work of this kind vanishes: accepted, and nothing comes of it. */
  loseNext(kind: WorkKind): void {
    this.orders.push(kind);
  }

  /** Goes on with what was under way when the state was written. Called once, at the start. */
  resumeAll(): void {
    for (const server of this.cloud.world.servers.values()) if (server.work) this.enter(server, server.work);
    this.archive();
  }

  /** As the operators' archiving does: deleted servers are not listed for ever. */
  private archive(): void {
    const { world } = this.cloud;
    const oldest = world.now() - RETENTION_MS;
    for (const { id, terminatedAt } of [...world.servers.values()]) {
      if (terminatedAt !== null && terminatedAt < oldest) world.servers.delete(id);
    }
    this.timers.after(ARCHIVE_MS, () => this.archive());
  }

  pause(): void {
    this.condition = 'PAUSED';
  }

  kill(): void {
    this.condition = 'KILLED';
  }

  /**
   * Ends a pause or an outage. After an outage queued creations and deletions are carried out, and the rest is
   * forgotten.
   */
  start(): void {
    const wasKilled = this.condition === 'KILLED';
    this.condition = 'RUNNING';
    const held = new Set(this.held);
    this.held.clear();
    for (const server of this.cloud.world.servers.values()) {
      const { work } = server;
      if (!work) continue;
      const isCreation = work.kind === 'CREATE';
      if (wasKilled && !isCreation && work.kind !== 'DELETE') this.forget(server);
      else if (wasKilled && isCreation && held.has(server.id)) this.revive(server, work);
      else if (held.has(server.id)) this.step(server);
    }
  }

  /** At once, and in place of whatever was under way: where no host carries the server, nobody has to be asked. */
  remove(server: Server): void {
    this.due.get(server.id)?.();
    this.held.delete(server.id);
    OUTCOMES.DELETE(this.cloud, server);
  }

  private forget(server: Server): void {
    this.due.get(server.id)?.();
    vanish(this.cloud, server);
  }

  private isToVanish(kind: WorkKind): boolean {
    const index = this.orders.indexOf(kind);
    if (index >= 0) this.orders.splice(index, 1);
    const { vanish: chance } = this.cloud.options;
    return index >= 0 || (MAY_VANISH.has(kind) && chance > 0 && this.random() < chance);
  }

  private enter(server: Server, work: Work): void {
    const stage = stageOf(work);
    server.work = work;
    server.taskState = stage?.taskState ?? null;
    touchServer(this.cloud, server);
    this.due.get(server.id)?.();
    this.held.delete(server.id);
    const cancel = this.timers.after(this.durationOf(server, stage), () => this.arrive(server));
    this.due.set(server.id, cancel);
  }

  private durationOf(server: Server, stage: Stage | undefined): number {
    const delay = stage?.driver === undefined ? NaN : Number(server.metadata['x-delay'] ?? NaN);
    if (Number.isFinite(delay) && delay >= 0) return delay * 1_000;
    return this.cloud.options.operationMs * (stage?.share ?? 0);
  }

  private arrive(server: Server): void {
    this.due.delete(server.id);
    if (this.condition === 'RUNNING') {
      this.step(server);
      return;
    }
    this.held.add(server.id);
    if (this.condition === 'KILLED' && server.work?.kind === 'CREATE') this.interrupt(server, server.work);
  }

  /** A creation that nobody carries out is given up in the end, although it still lies in the queue. */
  private interrupt(server: Server, work: Work): void {
    setError(this.cloud, server, 500, 'MessagingTimeout: Timed out waiting for a reply');
    server.work = work;
  }

  private revive(server: Server, work: Work): void {
    Object.assign(server, { vmState: 'building', powerState: POWER.none, fault: null });
    this.enter(server, work);
  }

  /** The end of a stage: on to the next one, or the outcome. */
  private step(server: Server): void {
    const { work } = server;
    if (!work) return;
    const stage = stageOf(work);
    if (stage?.driver !== undefined && server.metadata['x-fail'] === stage.driver) {
      failWork(this.cloud, server, stage.driver);
      return;
    }
    if (work.kind === 'CREATE' && !this.build(server, stage)) return;
    const next = work.stage + 1;
    if (next < STAGES[work.kind].length) this.enter(server, { ...work, stage: next });
    else if (work.vanishes === true) vanish(this.cloud, server);
    else OUTCOMES[work.kind](this.cloud, server);
  }

  /** What a creation needs on its way; false when it has failed. */
  private build(server: Server, stage: Stage | undefined): boolean {
    if (stage?.taskState === 'scheduling') return admit(this.cloud, server);
    if (stage?.taskState !== 'networking') return true;
    try {
      plugCards(this.cloud.world, server);
      return true;
    } catch {
      failWork(this.cloud, server, 'networking');
      return false;
    }
  }
}

function stageOf({ kind, stage }: Work): Stage | undefined {
  return STAGES[kind][stage];
}
