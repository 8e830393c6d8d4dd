import { contextOf } from '../../conformance/recording-context';
import { persist } from './persist';
import { TroubledVcenter } from './trouble';

describe('two gateways that change one network at once', () => {
  it.each(['distributed', 'standard'])('delete it, and neither fails: %s switches', async (networkSwitch) => {
    const world = await TroubledVcenter.start({}, { networkSwitch });
    try {
      const others = [world.connect(), world.connect(), world.connect()];
      const before = await world.inventory();
      for (let round = 0; round < 10; round += 1) {
        const ref = await world.network();
        const deletions = others.map((other) =>
          persist(other, (one) => one.deleteNetwork(ref, contextOf()), []),
        );
        await Promise.all(deletions);
        expect(await world.inventory()).toEqual(before);
      }
    } finally {
      await world.close();
    }
  });
});
