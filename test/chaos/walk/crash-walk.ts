import { setTimeout as sleep } from 'node:timers/promises';
import type { Asked } from '../acknowledgements';
import { Refusal } from '../patient-client';
import type { Life } from './armed-gateway';
import type { Lane } from './lane';
import type { Trial } from './trials';

export interface WalkOptions {
  /** SIGKILL, or a SIGSTOP that outlasts the lease. */
  readonly mode: 'kill' | 'stop';
  readonly stopMs: number;
}

interface Limits extends WalkOptions {
  /** When no other operation is begun, by `Date.now()`. */
  readonly until: number;
}

/** The points of all lanes: which are to be struck yet, and which have been. */
export interface Points {
  readonly left: Set<string>;
  readonly struck: Set<string>;
}

/** A part of a trial: a gateway is given this life again and again. */
interface Phase {
  readonly life: () => Life;
  /** Whether it is over when the gateway was struck. */
  readonly isDone: () => boolean;
  readonly quietMs: number;
  readonly begins?: (asked: Promise<Asked>) => Promise<void>;
}

/** The last points come after the last commit. */
const AFTERMATH_MS = 300;
/** Each death in an undo is one of its ten tries, and it is to succeed. */
const MOST_DEATHS = 5;
/** A gateway that meets no point for so long meets none in this hardship. */
const QUIET_MS = 12_000;
/** Where the undo suffers too, and may run out of tries. */
const SHORT_QUIET_MS = 4_000;
const FOREVER_MS = 300_000;
/** Longer than a gateway tries to write to SQLite. */
const DATABASE_AWAY_MS = 9_000;

/** Lets the gateway of one lane meet its end at every crash point that an operation passes. */
export class CrashWalk {
  private deaths = 0;

  constructor(
    private readonly lane: Lane,
    private readonly points: Points,
    private readonly options: Limits,
    private readonly say: (line: string) => void,
  ) {}

  /** One operation after the other, until one passes no point that is new. */
  async endure(trial: Trial): Promise<void> {
    const { hardship, interlude } = trial;
    if (hardship && this.lane.backend.hardships?.includes(hardship.kind) !== true) return;
    // What is frozen for it is not frozen again.
    if (interlude && this.options.mode === 'stop') return;
    try {
      while (this.isDue(trial) && (await this.once(trial)) > 0);
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'UNSUPPORTED') throw error;
      this.say(`${trial.operation} is not what this backend does`);
      for (const point of this.ownOf(trial)) this.points.left.delete(point);
    }
  }

  private isDue(trial: Trial): boolean {
    return Date.now() < this.options.until && this.leftOf(trial).length > 0;
  }

  private ownOf({ operation }: Trial): string[] {
    return [...this.points.left].filter((point) => point.split(/[:/]/, 1)[0] === operation);
  }

  private leftOf(trial: Trial): string[] {
    return this.ownOf(trial).filter(trial.wants);
  }

  /** Leads one operation to its end. @returns how many points were struck by it */
  private async once(trial: Trial): Promise<number> {
    const { stage, gateway, backend } = this.lane;
    const before = this.points.struck.size;
    this.deaths = 0;
    const phases = this.phasesOf(trial);
    await gateway.live(phases[0]?.life() ?? {});
    // None of its own points is passed by that.
    const { prepare, occupy = prepare } = trial;
    const subject = await (trial.cancelled === 'QUEUED' ? occupy : prepare)(stage);
    const acted = this.act(trial, subject);
    const over = new AbortController();
    const ended = acted.then(async () => {
      await stage.settle();
      await sleep(AFTERMATH_MS);
    });
    void ended.catch(() => undefined).finally(() => over.abort());
    for (const phase of phases) {
      if (!over.signal.aborted) await this.pass(phase, trial, acted, over.signal);
    }
    backend.suffer?.(null);
    await ended;
    await this.lane.clear();
    return this.points.struck.size - before;
  }

  private async act(trial: Trial, subject: string): Promise<Asked> {
    const asked = await trial.act(this.lane.stage, subject);
    if (trial.mayFail) this.lane.mayFail.add(asked.taskId);
    if (trial.cancelled === 'QUEUED') await this.cancel(asked);
    return asked;
  }

  /** It may be too late for that, which is as well. */
  private async cancel({ taskId, acknowledgement }: Asked): Promise<void> {
    acknowledgement.cancelled = true;
    const query = 'mutation ($id: ID!) { cancelTask(input: { id: $id }) { task { id } } }';
    await this.lane.stage.client.request(query, { id: taskId }).catch(() => undefined);
  }

  /** The way to where it gets hard, the hardship, and what comes after it. */
  private phasesOf(trial: Trial): Phase[] {
    const { through, hardship, tasks, interlude, cancelled } = trial;
    const isCancelled = cancelled === 'IN_HARDSHIP';
    const approach = through.map((point): Phase => {
      return { life: () => ({ armed: [point] }), isDone: () => true, quietMs: QUIET_MS };
    });
    const armed = (): Life => {
      if (this.deaths >= MOST_DEATHS) return {};
      const names = this.leftOf(trial).map((point) =>
        this.options.mode === 'stop' ? `stop:${point}` : point,
      );
      return { armed: interlude ? [`stop:${interlude.at}`, ...names] : names };
    };
    const hard: Phase = {
      life: () => {
        const entry = hardship && this.lane.backend.suffer?.(hardship.kind, hardship.act);
        return { ...armed(), ...(entry && { backends: [entry] }), ...(tasks && { tasks }) };
      },
      isDone: () => isCancelled || this.leftOf(trial).length === 0 || this.deaths >= MOST_DEATHS,
      quietMs: isCancelled || hardship?.kind === 'FAILING' ? SHORT_QUIET_MS : QUIET_MS,
      begins: async (asked) => {
        if (isCancelled) await this.cancel(await asked);
      },
    };
    const free: Phase = {
      life: () => {
        this.lane.backend.suffer?.(null);
        return armed();
      },
      ...{ isDone: () => false, quietMs: FOREVER_MS },
    };
    return [...approach, ...(hardship || tasks ? [hard] : []), free];
  }

  private async pass(phase: Phase, trial: Trial, acted: Promise<Asked>, over: AbortSignal): Promise<void> {
    const { gateway } = this.lane;
    await gateway.live(phase.life());
    await phase.begins?.(acted);
    for (;;) {
      const point = await gateway.struck(AbortSignal.any([over, AbortSignal.timeout(phase.quietMs)]));
      if (point === null) return;
      if (point === trial.interlude?.at) {
        await this.interlude(trial.interlude);
        continue;
      }
      this.note(trial, point);
      if (this.options.mode === 'stop' && !trial.through.includes(point)) await this.relieve();
      if (phase.isDone() || over.aborted) return;
      await gateway.live(phase.life());
    }
  }

  private note({ name }: Trial, point: string): void {
    this.deaths += 1;
    if (!this.points.left.delete(point)) return;
    this.points.struck.add(point);
    this.say(`struck ${point} (${name})`);
  }

  private async interlude({ kind }: NonNullable<Trial['interlude']>): Promise<void> {
    const { gateway } = this.lane;
    if (kind === 'DISMISSED') return gateway.dismiss();
    const held = this.lane.holdDatabase(DATABASE_AWAY_MS);
    gateway.thaw();
    await held;
  }

  /** Another one takes over what the frozen one held; then that one wakes up, and knows nothing of it. */
  private async relieve(): Promise<void> {
    const { gateway, relief, stage } = this.lane;
    const slept = sleep(this.options.stopMs);
    this.lane.backend.suffer?.(null);
    await relief?.live({});
    await slept;
    gateway.thaw();
    await stage.settle();
    await relief?.end();
  }
}
