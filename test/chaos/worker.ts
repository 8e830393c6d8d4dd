import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayHome } from '../peers/support/gateway-process';

export interface WorkerConfig {
  readonly backends: readonly object[];
  readonly database: object;
  /** Protections to go without. */
  readonly disable: readonly string[];
}

/** Nothing here is the fault of a task. A worker that died has lost its tasks three seconds later; one that was stopped for five comes back as a zombie. */
const TASKS = {
  leaseMs: 3_000,
  heartbeatMs: 500,
  pollMs: 200,
  concurrency: 64,
  perBackend: 64,
  maxCrashes: 1_000,
};
const RESTART_PAUSE_MS = 300;
const LOOK_MS = 50;

/** A gateway in a process of its own that is killed and stopped again and again. */
export class Worker {
  private working = false;

  private constructor(private readonly home: GatewayHome) {}

  static async make({ backends, database, disable }: WorkerConfig): Promise<Worker> {
    const faults = disable.length > 0 ? { faults: { disable } } : {};
    const server = { ide: false, drainMs: 1_000 };
    return new Worker(await GatewayHome.make({ backends, database, tasks: TASKS, server, ...faults }));
  }

  /** Whether it runs and listens, as far as is known. */
  get works(): boolean {
    return this.working;
  }

  get url(): string {
    return this.home.url;
  }

  get output(): string {
    return this.home.process.output;
  }

  /** As a supervisor does: again and again until it listens, for the database may be away. */
  async start(): Promise<void> {
    for (;;) {
      try {
        await this.home.start();
        this.working = true;
        return;
      } catch (error) {
        if (!String(error).includes('before it listened')) throw error;
        await sleep(RESTART_PAUSE_MS);
      }
    }
  }

  async kill(): Promise<void> {
    this.working = false;
    await this.home.process.stop('SIGKILL');
  }

  /** In good order. */
  async stop(): Promise<void> {
    this.working = false;
    await this.home.process.stop('SIGTERM');
  }

  /** In good order, and started anew; with `crashAt` it meets its end there. */
  async restart(crashAt?: string): Promise<void> {
    await this.home.process.stop('SIGTERM');
    await this.home.start(crashAt === undefined ? {} : { crashAt });
  }

  /** Whether it was killed, by itself or by others, before it was told that nobody waits any more. */
  async dies(until: AbortSignal): Promise<boolean> {
    const over = new Promise<null>((resolve) => {
      until.addEventListener('abort', () => resolve(null), { once: true });
    });
    const end = await Promise.race([this.home.process.ended, over]);
    return end?.signal === 'SIGKILL';
  }

  /** Whether it was stopped by SIGSTOP before then. */
  async freezes(until: AbortSignal): Promise<boolean> {
    const stat = `/proc/${this.home.process.pid}/stat`;
    while (!until.aborted) {
      // The state stands behind the name, which is in brackets.
      if (/\) T /.test(await readFile(stat, 'utf8'))) return true;
      await sleep(LOOK_MS);
    }
    return false;
  }

  async thaw(afterMs: number): Promise<void> {
    await sleep(afterMs);
    this.home.process.signal('SIGCONT');
  }

  /** A pause that the process does not notice: long enough, and its leases have run out. */
  async freeze(ms: number): Promise<void> {
    this.working = false;
    const { process } = this.home;
    process.signal('SIGSTOP');
    await sleep(ms);
    process.signal('SIGCONT');
    this.working = true;
  }

  async remove(): Promise<void> {
    await this.home.remove();
  }
}
