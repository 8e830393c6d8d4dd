import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayHome } from '../../peers/support/gateway-process';
import type { GatewayConfig } from '../../peers/support/gateway-process';

/** A worker that died has lost its tasks three seconds later; heartbeats come by in the shortest operation. */
const TASKS = {
  leaseMs: 3_000,
  heartbeatMs: 100,
  pollMs: 100,
  concurrency: 64,
  perBackend: 64,
  maxCrashes: 1_000,
};
const LOOK_MS = 25;
/** From the word to the deed. */
const FALL_MS = 50;

/** What differs from one life of the gateway to the next. */
export interface Life {
  /** Where it meets its end; with `stop:` before it, where it is frozen. */
  readonly armed?: readonly string[];
  readonly backends?: readonly object[];
  readonly tasks?: object;
}

/** A gateway in a process of its own that meets its end at one of the crash points that it is armed with. */
export class ArmedGateway {
  private url: string | null = null;
  private last: Life | null = null;
  /** How often it was struck in this life, as far as has been told. */
  private told = 0;

  private constructor(private readonly home: GatewayHome) {}

  static async make(config: Pick<GatewayConfig, 'backends' | 'database'>): Promise<ArmedGateway> {
    // Whoever is told to go does not wait for what is under way.
    const server = { ide: false, drainMs: 0 };
    return new ArmedGateway(await GatewayHome.make({ ...config, tasks: TASKS, server }));
  }

  /** Null where nobody listens, as far as is known. */
  get address(): string | null {
    return this.url;
  }

  get output(): string {
    return this.home.process.output;
  }

  /** Sees to it that it lives this life; what lived another one is killed. */
  async live(life: Life): Promise<void> {
    if (this.url !== null && JSON.stringify(this.last) === JSON.stringify(life)) return;
    await this.end();
    this.last = life;
    this.told = 0;
    const { armed = [], backends, tasks } = life;
    const faults = armed.length > 0 ? { faults: { crashAt: armed } } : {};
    const change = {
      ...faults,
      ...(backends && { backends }),
      ...(tasks && { tasks: { ...TASKS, ...tasks } }),
    };
    try {
      await this.home.start({ change });
      this.url = this.home.url;
    } catch (error) {
      // Work that it takes over is under way before it listens.
      if (this.struckAt === null) throw error;
    }
  }

  /** Where it met its end or was frozen, once more in this life; null once it is told that nobody waits any more. */
  async struck(until: AbortSignal): Promise<string | null> {
    while (this.struckAt === null && !until.aborted) await sleep(LOOK_MS);
    const point = this.struckAt;
    if (point === null) return null;
    this.told += 1;
    await sleep(FALL_MS);
    this.url = null;
    return point;
  }

  /** Wakes up, and knows nothing of having slept. */
  thaw(): void {
    this.home.process.signal('SIGCONT');
    this.url = this.home.url;
  }

  /** Is told to go, and does not hear it before it wakes up. */
  dismiss(): void {
    this.home.process.signal('SIGTERM');
    this.home.process.signal('SIGCONT');
  }

  async end(): Promise<void> {
    this.url = null;
    if (this.last !== null) await this.home.process.stop('SIGKILL');
    this.last = null;
  }

  async remove(): Promise<void> {
    await this.end();
    await this.home.remove();
  }

  private get struckAt(): string | null {
    if (this.last === null) return null;
    return [...this.output.matchAll(/^Struck at (.+)\.$/gm)][this.told]?.[1] ?? null;
  }
}
