import type { Mutation } from './vsphere-mutations';
import type { Trouble } from './vsphere-persist';
import { TroubledVcenter } from './vsphere-trouble';
import type { Strike } from './vsphere-trouble';

/** What became of one mutation that was struck at one of its calls. */
export interface Cell {
  readonly struck: string;
  readonly met: readonly Trouble[];
}

/** More calls than any mutation makes: a mutation that goes on for ever ends the test. */
const MOST_CALLS = 120;

/**
 * Strikes a mutation right before its first call of the API, then before its second one, and so on, until it has made
 * all its calls without being struck. Each time the target is reached by repetition, and the clean-up leaves nothing.
 */
export async function strikeEverywhere({ prepare, config }: Mutation, strike: Strike): Promise<Cell[]> {
  const world = await TroubledVcenter.start({}, config);
  const cells: Cell[] = [];
  try {
    const prepareOne = await prepare(world);
    const before = await world.inventory();
    for (let at = 0; at < MOST_CALLS; at += 1) {
      const { run, verify, clean } = await prepareOne();
      let struck: string | null = null;
      world.arm((call, method) => {
        if (call !== at) return null;
        struck = method;
        return strike;
      });
      const { met } = await world.persist(run);
      await verify();
      await clean();
      expect(await world.inventory()).toEqual(before);
      if (struck === null) return cells;
      cells.push({ struck, met });
    }
    throw new Error(`It made more than ${MOST_CALLS} calls.`);
  } catch (error) {
    throw new Error(`Struck at call ${cells.length}: ${world.calls.join(' ')}`, { cause: error });
  } finally {
    await world.close();
  }
}
