import { MUTATIONS } from './mutations';
import type { Attempt, Mutation } from './mutations';
import type { Trouble } from './persist';
import { TroubledVcenter } from './trouble';
import type { Strike } from './trouble';

/** What became of one mutation that was struck at one of its calls. */
export interface Cell {
  readonly method: string;
  readonly strike: Strike;
  /** After which errors it was repeated. */
  readonly met: readonly Trouble[];
}

/** What strikes the call with this number and name; each of them in an attempt of its own. */
export type StrikesFor = (call: number, method: string) => readonly Strike[];

/** More calls than any mutation makes: a mutation that goes on for ever ends the test. */
const MOST_CALLS = 120;

/** Attempts mostly wait for tasks, so some go on at once, each in a world of its own. */
const WORLDS = 2;

/**
 * Strikes a mutation right before its first call of the API, then before its second one, and so on, until it has made
 * all its calls without being struck. Each time the target is reached by repetition; in the end nothing is left.
 */
export async function strikeEverywhere(mutation: Mutation, strikesFor: StrikesFor): Promise<Cell[]> {
  const shares = Array.from({ length: WORLDS }, (_, share) => strikeShare(mutation, strikesFor, share));
  return (await Promise.all(shares)).flat();
}

async function strikeShare(
  { prepare, config }: Mutation,
  strikesFor: StrikesFor,
  share: number,
): Promise<Cell[]> {
  const world = await TroubledVcenter.start({}, config);
  const cells: Cell[] = [];
  try {
    const attempt = await prepare(world);
    const before = await world.inventory();
    for (let at = share; at < MOST_CALLS; at += WORLDS) {
      const struck = await strikeCall(world, attempt, at, strikesFor);
      cells.push(...struck);
      if (struck.length > 0) continue;
      expect(await world.inventory()).toEqual(before);
      return cells;
    }
    throw new Error(`It made more than ${MOST_CALLS} calls.`);
  } catch (error) {
    const last = cells.slice(-3).map(({ method, strike }) => `${String(strike)} at ${method}`);
    throw new Error(`After ${last.join(', ')}, in: ${world.calls.join(' ')}`, { cause: error });
  } finally {
    await world.close();
  }
}

/** One attempt for each strike; none are answered when the mutation makes fewer calls. */
async function strikeCall(
  world: TroubledVcenter,
  prepareOne: () => Promise<Attempt>,
  at: number,
  strikesFor: StrikesFor,
): Promise<Cell[]> {
  const cells: Cell[] = [];
  let strikes: readonly Strike[] = [];
  do {
    const { run, verify, clean } = await prepareOne();
    let method: string | null = null;
    world.arm((call, called) => {
      if (call !== at) return null;
      method = called;
      strikes = strikesFor(at, called);
      return strikes[cells.length] ?? null;
    });
    const { met } = await world.persist(run);
    await verify();
    await clean();
    const strike = strikes[cells.length];
    if (method === null || strike === undefined) return cells;
    cells.push({ method, strike, met });
  } while (cells.length < strikes.length);
  return cells;
}

/** Nothing but what its caller may repeat left the provider. */
export function expectClearCodes(cells: readonly Cell[]): void {
  const unclear = cells.filter(({ met }) =>
    met.some(({ code }) => code !== 'UNAVAILABLE' && code !== 'DEADLINE_EXCEEDED'),
  );
  expect(unclear).toEqual([]);
}

/** Mutations by whether they concern networks: two files, so that neither takes long. */
export function mutationsOf(noun: 'vm' | 'network'): readonly Mutation[] {
  return MUTATIONS.filter(({ name }) => /Network/.test(name) === (noun === 'network'));
}
