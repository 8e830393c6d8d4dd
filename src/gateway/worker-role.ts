import { backendLimits } from './backend-limits';
import type { Config } from '../config';
import { Duties } from '../duties';
import type { Foundation } from './foundation';
import type { GatewayMetrics } from './gateway-metrics';
import { NetworkInventory, Reconciler, VmInventory } from '../inventory';
import type { Logger } from '../kernel';
import { Maintenance } from './maintenance';
import type { assembleNouns } from './nouns';
import { TaskEngine } from '../tasks';
import { VmObserver } from '../vms';

export interface WorkerOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly foundation: Foundation;
  readonly nouns: ReturnType<typeof assembleNouns>;
  readonly metrics: GatewayMetrics;
}

/** The role `worker`: runs tasks, and does what one process at a time has to do. */
export class Worker {
  private readonly engine: TaskEngine;
  private readonly duties: Duties;

  constructor(private readonly options: WorkerOptions) {
    const { config, logger, foundation, nouns, metrics } = options;
    const { database, process } = foundation;
    this.engine = new TaskEngine({
      ...config.tasks,
      ...{ database, logger, tasks: nouns.stores.tasks, workflows: nouns.workflows },
      owner: process,
      onPoisoned: metrics.observePoisoned.bind(metrics),
      limitOf: backendLimits(config, nouns.stores.backends),
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
    const { nouns } = this.options;
    const maintenance = this.makeMaintenance();
    this.duties.hold('maintenance', (signal) => maintenance.work(signal));
    const { observer, reconciler } = this.makeWatchers();
    for (const live of nouns.stores.backends.allLive()) {
      // Both in one process, so that what is listed does not overtake what is told.
      this.duties.hold(`observe/${live.backend.id}`, async (signal, assertHeld) => {
        await Promise.all([observer.observe(live, signal), reconciler.run(live, signal, assertHeld)]);
      });
    }
  }

  private makeMaintenance(): Maintenance {
    const { config, logger, foundation, nouns, metrics } = this.options;
    const { database, feed } = foundation;
    return new Maintenance({
      ...{ database, logger, outbox: feed.outbox, idempotency: nouns.stores.idempotency },
      recount: nouns.services.recount,
      onQuotaDrift: metrics.observeQuotaDrift.bind(metrics),
      retentionDays: config.tasks.retentionDays,
    });
  }

  private makeWatchers(): { readonly observer: VmObserver; readonly reconciler: Reconciler } {
    const { config, logger, foundation, nouns, metrics } = this.options;
    const { database, installation } = foundation;
    const { vms, networks, backends, tasks, sightings } = nouns.stores;
    const installationId = installation.id;
    const quotas = nouns.services.ledger;
    const observer = new VmObserver({ store: vms, networks, quotas, backends, installationId, logger });
    const { mode, intervalSec, graceSec } = config.reconcile;
    const reconciler = new Reconciler({
      ...{ database, logger, tasks, sightings, installationId, mode },
      // A network is not removed while VMs are on it.
      inventories: [new VmInventory(vms, observer), new NetworkInventory(networks, installationId)],
      metrics: metrics.reconciler,
      intervalMs: intervalSec * 1_000,
      graceMs: graceSec * 1_000,
    });
    return { observer, reconciler };
  }
}
