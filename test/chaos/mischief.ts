import { setTimeout as sleep } from 'node:timers/promises';
import type { ChaosOptions } from './chaos-options';
import type { Worker } from './worker';

/** What a schedule of strikes did. */
export interface Strikes {
  kills: number;
  stops: number;
  databaseKills: number;
}

type Schedule = Pick<ChaosOptions, 'strikeMs' | 'stopShare' | 'stopMs' | 'dbKill'>;

/** Kills and stops workers, and kills the database, until it is told to end. */
export class Mischief {
  readonly strikes: Strikes = { kills: 0, stops: 0, databaseKills: 0 };
  private readonly ending = new AbortController();
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly schedule: Schedule,
    private readonly workers: readonly Worker[],
    private readonly restartDatabase: (() => Promise<void>) | null,
    private readonly random: () => number,
  ) {}

  begin(): void {
    this.running = Promise.all([this.strikeWorkers(), this.strikeDatabase()]);
  }

  /** Resolves when every worker works again. */
  async end(): Promise<void> {
    this.ending.abort();
    await this.running;
  }

  private get ended(): boolean {
    return this.ending.signal.aborted;
  }

  /** False when it was time to end first. */
  private async pause(ms: number): Promise<boolean> {
    await sleep(ms, undefined, { signal: this.ending.signal }).catch(() => undefined);
    return !this.ended;
  }

  private async strikeWorkers(): Promise<void> {
    if (this.schedule.strikeMs === 0) return;
    const under = new Set<Promise<void>>();
    while (await this.pause(this.schedule.strikeMs)) {
      const able = this.workers.filter((worker) => worker.works);
      const worker = able[Math.floor(this.random() * able.length)];
      if (!worker) continue;
      const strike = this.random() < this.schedule.stopShare ? this.stop(worker) : this.kill(worker);
      under.add(strike);
      void strike.finally(() => under.delete(strike));
      // A single worker has to get something done in between.
      if (this.workers.length === 1) await strike;
    }
    await Promise.all(under);
  }

  private async kill(worker: Worker): Promise<void> {
    this.strikes.kills += 1;
    await worker.kill();
    await worker.start();
  }

  private async stop(worker: Worker): Promise<void> {
    this.strikes.stops += 1;
    await worker.freeze(this.schedule.stopMs);
  }

  private async strikeDatabase(): Promise<void> {
    const { restartDatabase } = this;
    if (this.schedule.dbKill === 0 || !restartDatabase) return;
    while (await this.pause(this.schedule.dbKill * 1_000)) {
      this.strikes.databaseKills += 1;
      await restartDatabase();
    }
  }
}
