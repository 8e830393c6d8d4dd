import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayHome } from '../peers/support/gateway-process';

export interface WorkerConfig {
  readonly backends: readonly object[];
  readonly database: object;
  readonly redis?: object;
  /** Protections to go without. */
  readonly disable: readonly string[];
  /** Instead of what is usual here. */
  readonly tasks?: object;
}

/**
 * Nothing here is the fault of a task. A worker that died has lost its tasks three seconds later; one that was stopped for
 * five comes back as a zombie. More tasks at once would make the run no faster: what waits for a turn costs nothing, and
 * what is under way costs heartbeats, and is begun anew when its worker dies.
 */
const TASKS = {
  leaseMs: 3_000,
  heartbeatMs: 1_000,
  pollMs: 250,
  concurrency: 24,
  perBackend: 24,
  maxCrashes: 1_000,
};
/** What tasks leave behind is looked for by the checker, which nobody is to forestall. */
const RECONCILE = { mode: 'off' };
const RESTART_PAUSE_MS = 300;
/** It could not start (1), or was struck before it had; a configuration that is no good is none the next time. */
const TRANSIENT_END = /The gateway ended \((1|SIGKILL)\) before it listened/;
const LOOK_MS = 50;

/** A gateway in a process of its own that is killed and stopped again and again. */
export class Worker {
  /** Since when it listens and runs, in milliseconds of the monotonic clock. */
  private workingSince: number | null = null;

  private hasStarted = false;
  /** A run that is cut short leaves none behind, not even one that is frozen. */
  private readonly killOnExit = (): void => this.home.process.signal('SIGKILL');

  private constructor(private readonly home: GatewayHome) {}

  static async make({ disable, tasks, ...shared }: WorkerConfig): Promise<Worker> {
    const faults = disable.length > 0 ? { faults: { disable } } : {};
    const own = {
      tasks: { ...TASKS, ...tasks },
      server: { ide: false, drainMs: 1_000 },
      reconcile: RECONCILE,
    };
    return new Worker(await GatewayHome.make({ ...shared, ...own, ...faults }));
  }

  /** For how long it has run and listened, as far as is known; 0 when it does not. */
  get workingMs(): number {
    return this.workingSince === null ? 0 : performance.now() - this.workingSince;
  }

  /** Null before its first start; that of a dead one leads nowhere. */
  get url(): string | null {
    return this.hasStarted ? this.home.url : null;
  }

  get output(): string {
    return this.home.process.output;
  }

  /**
   * As a supervisor does: again and again until it listens, for the database may be away.
   * @param crashAt where it meets its end
   */
  async start(crashAt?: string): Promise<void> {
    process.removeListener('exit', this.killOnExit);
    for (;;) {
      try {
        await this.home.start(crashAt === undefined ? {} : { crashAt });
        process.once('exit', this.killOnExit);
        this.workingSince = performance.now();
        this.hasStarted = true;
        return;
      } catch (error) {
        if (!TRANSIENT_END.test(String(error))) throw error;
        await sleep(RESTART_PAUSE_MS);
      }
    }
  }

  async kill(): Promise<void> {
    this.workingSince = null;
    await this.home.process.stop('SIGKILL');
  }

  /** In good order. */
  async stop(): Promise<void> {
    this.workingSince = null;
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
    this.workingSince = null;
    const { process } = this.home;
    process.signal('SIGSTOP');
    await sleep(ms);
    process.signal('SIGCONT');
    this.workingSince = performance.now();
  }

  async remove(): Promise<void> {
    process.removeListener('exit', this.killOnExit);
    await this.home.remove();
  }
}
