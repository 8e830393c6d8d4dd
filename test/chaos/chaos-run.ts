import { seededRandom } from '../../src/simulators/network/seeded-random';
import type { ChaosOptions } from './chaos-options';
import { ChaosWorld } from './chaos-world';
import { judge } from './invariants';
import type { Verdict } from './invariants';
import { Load } from './load';
import { Mischief } from './mischief';
import type { Strikes } from './mischief';

export interface ChaosResult {
  readonly verdicts: readonly Verdict[];
  readonly strikes: Strikes;
  readonly lostReplies: number;
  /** Operations that were acknowledged. */
  readonly tasks: number;
  readonly seconds: number;
}

type Say = (line: string) => void;

/** One run, from an empty database to the verdict. */
export async function runChaos(options: ChaosOptions, say: Say = () => undefined): Promise<ChaosResult> {
  const world = await ChaosWorld.open(options);
  try {
    await world.start();
    return await play(world, options, say);
  } finally {
    await world.remove();
  }
}

async function play(world: ChaosWorld, options: ChaosOptions, say: Say): Promise<ChaosResult> {
  const { workers, database, backends } = world;
  const load = new Load(world.client, { ...options, backends });
  // Before anything goes wrong.
  const tenants = await load.prepare();
  const mischief = new Mischief(options, workers, database.restart, seededRandom(options.seed + 1));
  const startedAt = Date.now();
  mischief.begin();
  await load.run(tenants);
  say(`${load.acknowledgements.all.length} operations are acknowledged.`);
  await world.untilNothingIsOpen(say);
  const seconds = (Date.now() - startedAt) / 1_000;
  await mischief.end();
  const verdicts = judge(await world.evidence(load.acknowledgements.all));
  const { strikes } = mischief;
  return {
    verdicts,
    strikes,
    lostReplies: world.lostReplies(),
    tasks: load.acknowledgements.all.length,
    seconds,
  };
}
