import { setTimeout as sleep } from 'node:timers/promises';
import type { ChaosOptions } from './chaos-options';
import type { Worker } from './worker';

/** What a schedule of strikes did. */
export interface Strikes {
  kills: number;
  stops: number;
  databaseKills: number;
  redisKills: number;
}

type Schedule = Pick<ChaosOptions, 'strikeMs' | 'stopShare' | 'stopMs' | 'dbKill' | 'redisKill'>;
/** Kills a server and starts it again. */
type Restart = () => Promise<void>;

export interface Targets {
  readonly workers: readonly Worker[];
  /** Null where there is no server to kill. */
  readonly restartDatabase: Restart | null;
  readonly restartRedis: Restart | null;
}

/** How soon to look for somebody to strike again where nobody has worked for long enough. */
const LOOK_MS = 100;

/** Kills and stops workers, and kills the servers behind them, until it is told to end. */
export class Mischief {
  readonly strikes: Strikes = { kills: 0, stops: 0, databaseKills: 0, redisKills: 0 };
  private readonly ending = new AbortController();
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly schedule: Schedule,
    private readonly targets: Targets,
    private readonly random: () => number,
  ) {}

  begin(): void {
    const { restartDatabase, restartRedis } = this.targets;
    const { dbKill, redisKill } = this.schedule;
    this.running = Promise.all([
      this.strikeWorkers(),
      this.strikeServer(dbKill, restartDatabase, () => (this.strikes.databaseKills += 1)),
      this.strikeServer(redisKill, restartRedis, () => (this.strikes.redisKills += 1)),
    ]);
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

  /**
   * By the clock, where each worker gets as much time between two strikes at it, for nobody could show anything otherwise:
   * on a machine that is busy a start takes longer than that.
   */
  private async strikeWorkers(): Promise<void> {
    const { strikeMs, stopShare } = this.schedule;
    if (strikeMs === 0) return;
    const under = new Set<Promise<void>>();
    let due = performance.now() + strikeMs;
    while (await this.pause(Math.max(LOOK_MS, due - performance.now()))) {
      const able = this.targets.workers.filter(({ workingMs }) => workingMs >= strikeMs);
      const worker = able[Math.floor(this.random() * able.length)];
      if (!worker) continue;
      due = performance.now() + strikeMs;
      const strike = this.random() < stopShare ? this.stop(worker) : this.kill(worker);
      under.add(strike);
      void strike.finally(() => under.delete(strike));
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

  private async strikeServer(seconds: number, restart: Restart | null, count: () => void): Promise<void> {
    if (seconds === 0 || !restart) return;
    while (await this.pause(seconds * 1_000)) {
      count();
      await restart();
    }
  }
}
