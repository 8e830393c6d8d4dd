import { performance } from 'node:perf_hooks';
import type { Database } from '../database';
import type { Logger } from '../kernel';
import { DutyStore } from './duty.store';
import type { DutyHold } from './duty.store';
import { Tenure } from './tenure';

export interface DutiesOptions {
  readonly database: Database;
  readonly logger: Logger;
  /** Names this process in the database; no other process ever has the name. At most 64 characters. */
  readonly holder: string;
  /** How long a duty of a process that died stays with it. */
  readonly leaseMs: number;
  /** How often the duties held are prolonged. */
  readonly heartbeatMs: number;
  /** How often to look for duties that nobody holds. */
  readonly pollMs: number;
}

/**
 * Does the work until it is over or `signal` is aborted, and returns soon then: nobody else begins before. Where it
 * changes something outside the database it calls `assertHeld` right before, which throws when its time is over.
 */
export type DutyWork = (signal: AbortSignal, assertHeld: () => void) => Promise<void>;

interface Service {
  readonly hold: DutyHold;
  readonly tenure: Tenure;
  readonly done: Promise<void>;
}

/** What one process at a time has to do, however many there are: each duty is a row with a lease. */
export class Duties {
  private readonly store: DutyStore;
  private readonly waiting = new Map<string, DutyWork>();
  private readonly serving = new Map<string, Service>();
  private readonly timers: NodeJS.Timeout[] = [];
  private looking: Promise<void> | null = null;
  private beating: Promise<void> | null = null;
  private closing = false;

  constructor(private readonly options: DutiesOptions) {
    this.store = new DutyStore(options.database, options.holder, options.leaseMs);
  }

  /** The names of the duties that this process does now. */
  get held(): string[] {
    return [...this.serving.keys()];
  }

  /** Takes over what a predecessor left, without waiting for its leases to run out. See `freeAll`. */
  async succeed(): Promise<void> {
    await this.store.freeAll();
  }

  start(): void {
    this.timers.push(setInterval(() => this.wake(), this.options.pollMs));
    this.timers.push(setInterval(() => this.beat(), this.options.heartbeatMs));
    this.wake();
  }

  /**
   * Does `work` whenever this process has the duty: at once if nobody has it, and again after it was lost. Work that
   * ends by itself, well or not, gives the duty back; it begins anew after a pause, here or elsewhere.
   * @param name unique in the installation, at most 128 characters
   */
  hold(name: string, work: DutyWork): void {
    this.waiting.set(name, work);
    if (this.timers.length > 0) this.wake();
  }

  /** Looks for free duties soon. */
  wake(): void {
    if (this.closing || this.waiting.size === 0) return;
    this.looking ??= this.look().finally(() => {
      this.looking = null;
    });
  }

  private async look(): Promise<void> {
    try {
      for (const name of await this.store.free([...this.waiting.keys()])) {
        const work = this.waiting.get(name);
        if (this.closing || !work) continue;
        const takenAt = performance.now();
        const hold = await this.store.take(name);
        if (hold) this.begin(hold, work, new Tenure(this.options.leaseMs, takenAt));
      }
    } catch (error) {
      this.options.logger.warn(
        { err: error },
        'Looking for free duties failed; trying again at the next tick.',
      );
    }
  }

  private begin(hold: DutyHold, work: DutyWork, tenure: Tenure): void {
    this.waiting.delete(hold.name);
    const done = this.serve(hold, work, tenure).finally(() => {
      this.serving.delete(hold.name);
      this.waiting.set(hold.name, work);
    });
    this.serving.set(hold.name, { hold, tenure, done });
  }

  private async serve(hold: DutyHold, work: DutyWork, tenure: Tenure): Promise<void> {
    const logger = this.options.logger.child({ duty: hold.name });
    logger.info({ fence: hold.fence }, 'This process has the duty now.');
    try {
      await work(tenure.signal, () => tenure.assertHeld());
    } catch (error) {
      if (!tenure.signal.aborted)
        logger.error({ err: error }, 'The work of a duty failed; it is begun anew.');
    }
    tenure.stop();
    if (tenure.isLost) {
      logger.warn({}, 'The duty is lost.');
      return;
    }
    await this.store.release(hold).catch((error: unknown) => {
      logger.warn({ err: error }, 'The duty could not be given back; its lease has to run out.');
    });
  }

  private beat(): void {
    this.beating ??= this.prolongAll().finally(() => {
      this.beating = null;
    });
  }

  private async prolongAll(): Promise<void> {
    const services = [...this.serving.values()];
    if (services.length === 0) return;
    const askedAt = performance.now();
    try {
      const kept = new Set(await this.store.keep(services.map(({ hold }) => hold)));
      for (const { hold, tenure } of services) {
        if (kept.has(hold)) tenure.prolong(askedAt);
        else if (this.serving.get(hold.name)?.hold === hold) tenure.lose();
      }
    } catch (error) {
      // No verdict yet: each tenure knows by itself when it has lasted too long.
      this.options.logger.warn(
        { err: error },
        'Prolonging the duties failed; trying again at the next beat.',
      );
    }
  }

  /** Ends all work and hands its duties over. They are held until their work has ended. */
  async close(): Promise<void> {
    this.closing = true;
    await this.looking;
    for (const { tenure } of this.serving.values()) tenure.interrupt();
    await Promise.all([...this.serving.values()].map(({ done }) => done));
    for (const timer of this.timers) clearInterval(timer);
    await this.beating;
  }
}
