import type { Config } from './config';
import { Duties } from './duties';
import type { Foundation } from './foundation';
import type { Logger } from './kernel';
import { Maintenance } from './maintenance';
import type { assembleNouns } from './nouns';
import { TaskEngine } from './tasks';
import { VmObserver } from './vms';

/** Deaths of workers in a row after which a task is taken for the cause. */
const MAX_CRASHES = 5;
const RECONCILE_MS = 60_000;

export interface WorkerOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly foundation: Foundation;
  readonly nouns: ReturnType<typeof assembleNouns>;
}

/** The role `worker`: runs tasks, and does what one process at a time has to do. */
export class Worker {
  private readonly engine: TaskEngine;
  private readonly duties: Duties;

  constructor(private readonly options: WorkerOptions) {
    const { config, logger, foundation, nouns } = options;
    const { database, process } = foundation;
    this.engine = new TaskEngine({
      ...config.tasks,
      ...{ database, logger, tasks: nouns.stores.tasks, workflows: nouns.workflows },
      owner: process,
      maxCrashes: MAX_CRASHES,
    });
    const { leaseMs, heartbeatMs, pollMs } = config.tasks;
    this.duties = new Duties({ database, logger, holder: process, leaseMs, heartbeatMs, pollMs });
  }

  /** Tasks under way in this process. */
  get running(): number {
    return this.engine.running;
  }

  /** The names of the duties that this process has. */
  get duty(): readonly string[] {
    return this.duties.held;
  }

  /** Once the backends are open. */
  async start(): Promise<void> {
    const { broker, isAlone } = this.options.foundation;
    if (isAlone) await Promise.all([this.engine.succeed(), this.duties.succeed()]);
    this.takeDuties();
    this.engine.start();
    this.duties.start();
    broker.listen('tasks', () => this.engine.wake());
    broker.listen('duties', () => this.duties.wake());
  }

  /** Looks for due tasks soon. */
  wake(): void {
    this.engine.wake();
  }

  /** Lets steps under way finish for `drainMs`; what is left of them and all duties are for the others, at once. */
  async stop(drainMs: number): Promise<void> {
    await Promise.all([this.engine.stop(drainMs), this.duties.close()]);
    const { broker } = this.options.foundation;
    broker.tell('tasks');
    broker.tell('duties');
  }

  private takeDuties(): void {
    const { config, logger, foundation, nouns } = this.options;
    const { vms, networks, backends, idempotency } = nouns.stores;
    const { database, feed, installation } = foundation;
    const observer = new VmObserver({
      ...{ store: vms, networks, backends, installationId: installation.id, logger },
      reconcileMs: RECONCILE_MS,
    });
    const maintenance = new Maintenance({
      ...{ database, logger, outbox: feed.outbox, idempotency },
      retentionDays: config.tasks.retentionDays,
    });
    this.duties.hold('maintenance', (signal) => maintenance.work(signal));
    for (const live of backends.allLive()) {
      this.duties.hold(`observe/${live.backend.id}`, (signal) => observer.observe(live, signal));
    }
  }
}
