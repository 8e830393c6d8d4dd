import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../../src/simulators/network/seeded-random';
import { ADMIN_TOKEN } from '../peers/support/gateway-process';
import { openTasks, prepareTables, readRecords, startDatabase } from './chaos-database';
import type { ChaosDatabase } from './chaos-database';
import type { ChaosOptions } from './chaos-options';
import { startBackends } from './faulty-backends';
import type { FaultyBackend } from './faulty-backends';
import { judge } from './invariants';
import type { Verdict } from './invariants';
import { Load } from './load';
import { Mischief } from './mischief';
import type { Strikes } from './mischief';
import { PatientClient } from './patient-client';
import { Worker } from './worker';

export interface ChaosResult {
  readonly verdicts: readonly Verdict[];
  readonly strikes: Strikes;
  readonly lostReplies: number;
  /** Operations that were acknowledged. */
  readonly tasks: number;
  readonly seconds: number;
}

/** After the last acknowledgement; far more than the work needs, for a hung task must not hang the run. */
const PATIENCE_MS = 240_000;
const LOOK_MS = 500;
const EVENTS_MS = 1_500;

type Say = (line: string) => void;

/** One run, from an empty database to the verdict. */
export class ChaosRun {
  private readonly workers: Worker[] = [];
  private backends: FaultyBackend[] = [];
  private database: ChaosDatabase | null = null;

  private constructor(
    private readonly options: ChaosOptions,
    private readonly say: Say,
  ) {}

  static async run(options: ChaosOptions, say: Say = () => undefined): Promise<ChaosResult> {
    const run = new ChaosRun(options, say);
    try {
      return await run.play();
    } finally {
      await run.remove();
    }
  }

  private async play(): Promise<ChaosResult> {
    const { options } = this;
    const database = await this.open();
    const client = new PatientClient(() => this.workers.map(({ url }) => url), ADMIN_TOKEN);
    const load = new Load(client, { ...options, backends: this.backends });
    const tenants = await load.prepare();
    const random = seededRandom(options.seed + 1);
    const mischief = new Mischief(options, this.workers, database.restart, random);
    const startedAt = Date.now();
    mischief.begin();
    await load.run(tenants);
    this.say(`${load.acknowledgements.length} operations are acknowledged.`);
    await this.untilNothingIsOpen(database);
    const seconds = (Date.now() - startedAt) / 1_000;
    await mischief.end();
    // Events are placed after their commit, and a backend shows late what it removed.
    await sleep(EVENTS_MS + options.lagMs);
    const backendVms = this.backends.flatMap((backend) => backend.inventory());
    const records = await readRecords(database.config);
    const { acknowledgements } = load;
    const verdicts = judge({ ...records, backendVms, acknowledgements });
    const lostReplies = this.backends.reduce((sum, backend) => sum + backend.lostReplies(), 0);
    return { verdicts, strikes: mischief.strikes, lostReplies, tasks: acknowledgements.length, seconds };
  }

  private async open(): Promise<ChaosDatabase> {
    const { options } = this;
    this.database = await startDatabase(options);
    await prepareTables(this.database.config);
    this.backends = await startBackends(options);
    const entries = this.backends.map(({ entry }) => entry);
    for (let made = 0; made < options.workers; made += 1) {
      const { config } = this.database;
      this.workers.push(await Worker.make({ backends: entries, database: config, disable: options.disable }));
    }
    await Promise.all(this.workers.map((worker) => worker.start()));
    return this.database;
  }

  private async untilNothingIsOpen({ config }: ChaosDatabase): Promise<void> {
    const until = Date.now() + PATIENCE_MS;
    let said = Date.now();
    for (;;) {
      const open = await openTasks(config);
      if (open === 0 || Date.now() > until) return;
      if (Date.now() - said > 10_000) {
        said = Date.now();
        this.say(`${String(open)} tasks are open.`);
      }
      await sleep(LOOK_MS);
    }
  }

  private async remove(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.remove()));
    await Promise.all(this.backends.map((backend) => backend.close()));
    await this.database?.close();
  }
}
