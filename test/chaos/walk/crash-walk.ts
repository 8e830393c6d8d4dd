import { setTimeout as sleep } from 'node:timers/promises';
import type { Acknowledgements } from '../acknowledgements';
import type { ChaosWorld } from '../chaos-world';
import type { PatientClient } from '../patient-client';
import type { Worker } from '../worker';
import { SCENARIOS } from './scenarios';
import type { Scenario, Stage } from './scenarios';

export interface WalkOptions {
  /** SIGKILL, or a SIGSTOP that outlasts the lease. */
  readonly mode: 'kill' | 'stop';
  readonly stopMs: number;
  /** Every how many-th point is struck; 1 for all. */
  readonly every: number;
  readonly offset: number;
}

export interface WalkResult {
  readonly struck: readonly string[];
  /** Not on the way of the operation, as it went here. */
  readonly notPassed: readonly string[];
}

const AFTERMATH_MS = 500;

/** Lets the gateway meet its end at one crash point after the other, each in an operation of its own. */
export class CrashWalk {
  private readonly struck = new Set<string>();
  private readonly missed = new Set<string>();
  private numbers = 0;
  private turn = 0;

  constructor(
    private readonly world: ChaosWorld,
    private readonly acknowledgements: Acknowledgements,
    private readonly tenant: { readonly client: PatientClient; readonly templateId: string },
    private readonly options: WalkOptions,
    private readonly say: (line: string) => void,
  ) {}

  /** @param pointsOf the crash points of an operation */
  async run(pointsOf: (operation: string) => readonly string[]): Promise<WalkResult> {
    for (const scenario of SCENARIOS) {
      for (const point of pointsOf(scenario.operation)) {
        this.turn += 1;
        if (this.turn % this.options.every === this.options.offset % this.options.every) {
          await this.strike(scenario, point);
        }
      }
    }
    const notPassed = [...this.missed].filter((point) => !this.struck.has(point));
    return { struck: [...this.struck], notPassed };
  }

  private async strike(scenario: Scenario, point: string): Promise<void> {
    const { mode } = this.options;
    const stage = this.stage();
    const subject = await scenario.prepare(stage);
    await this.armed.restart(mode === 'stop' ? `stop:${point}` : point);
    const acted = scenario.act(stage, subject);
    const met = await this.meets(acted);
    this.say(`${met ? 'struck    ' : 'not passed'} ${point}`);
    (met ? this.struck : this.missed).add(point);
    if (!met) await this.armed.restart();
    else if (mode === 'kill') await this.armed.start();
    else await this.relieve();
    await acted;
    if (!(await this.world.untilNothingIsOpen())) throw new Error(`Something stays open after ${point}.`);
  }

  /** Whether the gateway meets the point before its work is over. */
  private async meets(acted: Promise<void>): Promise<boolean> {
    const over = new AbortController();
    void acted
      .then(() => this.world.untilNothingIsOpen())
      // The last points come after the last commit.
      .then(() => sleep(AFTERMATH_MS))
      .then(
        () => over.abort(),
        () => over.abort(),
      );
    return this.options.mode === 'kill' ? this.armed.dies(over.signal) : this.armed.freezes(over.signal);
  }

  /** Another one takes over what the frozen one held, and then that one wakes up and knows nothing of it. */
  private async relieve(): Promise<void> {
    const other = this.world.workers[1];
    await other?.start();
    await this.armed.thaw(this.options.stopMs);
    await this.world.untilNothingIsOpen();
    await other?.stop();
    await this.armed.restart();
  }

  private get armed(): Worker {
    const [worker] = this.world.workers;
    if (!worker) throw new Error('There is no gateway.');
    return worker;
  }

  private stage(): Stage {
    const { client, templateId } = this.tenant;
    return {
      client,
      templateId,
      backend: this.world.backends[0]?.name ?? '',
      fresh: () => (this.numbers += 1),
      ask: (mutation, input) => this.acknowledgements.ask(client, mutation, input),
      settle: async () => {
        await this.world.untilNothingIsOpen();
      },
    };
  }
}
