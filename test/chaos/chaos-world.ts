import { setTimeout as sleep } from 'node:timers/promises';
import { ADMIN_TOKEN } from '../peers/support/gateway-process';
import { startBackends } from './backends';
import type { BackendKind, FaultyBackend } from './backends';
import { openTasks, prepareTables, readRecords, startDatabase } from './chaos-database';
import type { ChaosDatabase } from './chaos-database';
import type { Acknowledgement, Evidence } from './evidence';
import { PatientClient } from './patient-client';
import { Worker } from './worker';

export interface WorldOptions {
  readonly database: 'sqlite' | 'mariadb';
  readonly workers: number;
  readonly backends: readonly BackendKind[];
  readonly loseReply: number;
  readonly lagMs: number;
  readonly seed: number;
  readonly disable: readonly string[];
}

/** Without any task that ends; far more than one needs, for a hung task must not hang the run. */
const PATIENCE_MS = 120_000;
const LOOK_MS = 300;
const SAY_MS = 10_000;
/** Events are placed after their commit. */
const EVENTS_MS = 1_500;

/** A database, backends that lose replies, and gateways over both that may be killed at any time. */
export class ChaosWorld {
  readonly client: PatientClient;

  private constructor(
    readonly options: WorldOptions,
    readonly database: ChaosDatabase,
    readonly backends: readonly FaultyBackend[],
    readonly workers: readonly Worker[],
  ) {
    this.client = new PatientClient(() => this.workers.map(({ url }) => url), ADMIN_TOKEN);
  }

  static async open(options: WorldOptions): Promise<ChaosWorld> {
    const database = await startDatabase(options.database);
    await prepareTables(database.config);
    const backends = await startBackends(options.backends, options);
    const entries = backends.map(({ entry }) => entry);
    const config = { backends: entries, database: database.config, disable: options.disable };
    const workers = await Promise.all(Array.from({ length: options.workers }, () => Worker.make(config)));
    return new ChaosWorld(options, database, backends, workers);
  }

  async start(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.start()));
  }

  /** False when nothing has ended for too long. */
  async untilNothingIsOpen(say: (line: string) => void = () => undefined): Promise<boolean> {
    let fewest = Infinity;
    let progressAt = Date.now();
    for (let said = Date.now(); ;) {
      const open = await openTasks(this.database.config);
      if (open === 0) return true;
      if (open !== null && open < fewest) [fewest, progressAt] = [open, Date.now()];
      if (Date.now() - progressAt > PATIENCE_MS) return false;
      if (Date.now() - said > SAY_MS) {
        said = Date.now();
        say(`${String(open ?? 'Unknown how many')} tasks are open.`);
      }
      await sleep(LOOK_MS);
    }
  }

  /** What is left, once everything has come to rest. */
  async evidence(acknowledgements: readonly Acknowledgement[]): Promise<Evidence> {
    await sleep(EVENTS_MS + this.options.lagMs);
    const { installationId, ...records } = await readRecords(this.database.config);
    const inventories = await Promise.all(this.backends.map((backend) => backend.inventory(installationId)));
    return { ...records, backendVms: inventories.flat(), acknowledgements };
  }

  lostReplies(): number {
    return this.backends.reduce((sum, backend) => sum + backend.lostReplies(), 0);
  }

  async remove(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.remove()));
    await Promise.all(this.backends.map((backend) => backend.close()));
    await this.database.close();
  }
}
