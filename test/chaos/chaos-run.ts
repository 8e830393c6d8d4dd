import { seededRandom } from '../../src/simulators/network/seeded-random';
import type { ChaosOptions } from './chaos-options';
import { ChaosWorld } from './chaos-world';
import type { Evidence } from './evidence';
import { judge } from './invariants';
import type { Verdict } from './invariants';
import { Load } from './load';
import { Mischief } from './mischief';
import type { Strikes } from './mischief';

export interface ChaosResult {
  readonly verdicts: readonly Verdict[];
  readonly strikes: Strikes;
  readonly lostReplies: number;
  /** Of those that were acknowledged, each of which is one operation. */
  readonly tasks: Tally;
  readonly seconds: number;
}

/** How many tasks there were, and by how they ended; one that has not is under its status. */
export interface Tally {
  readonly acknowledged: number;
  readonly byStatus: Readonly<Record<string, number>>;
}

/** A run takes minutes, and where the machine is too slow for the strikes, it stands still. */
const TELL_MS = 20_000;

type Say = (line: string) => void;

/** One run, from an empty database to the verdict. */
export async function runChaos(options: ChaosOptions, say: Say = () => undefined): Promise<ChaosResult> {
  const world = await ChaosWorld.open({ ...options, redis: options.redisKill > 0 });
  try {
    await world.start();
    return await play(world, options, say);
  } finally {
    await world.remove();
  }
}

async function play(world: ChaosWorld, options: ChaosOptions, say: Say): Promise<ChaosResult> {
  const { workers, database, backends, restartRedis } = world;
  const load = new Load(world.client, { ...options, backends });
  // Before anything goes wrong.
  const tenants = await load.prepare();
  const targets = { workers, restartDatabase: database.restart, restartRedis };
  const mischief = new Mischief(options, targets, seededRandom(options.seed + 1));
  const startedAt = Date.now();
  mischief.begin();
  const telling = setInterval(() => {
    say(`${load.acknowledgements.all.length} of ${options.tasks} tasks are acknowledged so far.`);
  }, TELL_MS);
  await load.run(tenants).finally(() => clearInterval(telling));
  const acknowledged = load.acknowledgements.all.length;
  say(`${acknowledged} tasks are acknowledged.`);
  await world.untilNothingIsOpen(say);
  const seconds = (Date.now() - startedAt) / 1_000;
  await mischief.end();
  const evidence = await world.evidence(load.acknowledgements.all);
  const { strikes } = mischief;
  return {
    verdicts: judge(evidence),
    strikes,
    lostReplies: world.lostReplies(),
    tasks: { acknowledged, byStatus: byStatus(evidence) },
    seconds,
  };
}

function byStatus({ tasks }: Evidence): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status } of tasks) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
