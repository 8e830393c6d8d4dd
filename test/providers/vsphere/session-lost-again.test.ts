import { contextOf } from '../../conformance/recording-context';
import { TroubledVcenter } from './trouble';

describe('vSphere forgets the session again, right after it was made anew', () => {
  it('and with it the view that is being read: the caller may repeat', async () => {
    const world = await TroubledVcenter.start();
    try {
      const spec = world.vmSpec();
      let losses = 0;
      world.arm((call, method) => {
        const isView = method === 'RetrievePropertiesEx' && world.calls[call - 1] === 'CreateContainerView';
        if (!isView || losses >= 2) return null;
        losses += 1;
        return ({ simulator }) => {
          // The login lives on and its views do not: the server answers that the view is not there.
          for (const session of simulator.sessions.all())
            for (const view of session.ofType('ContainerView')) session.disown(view.ref);
        };
      });
      const { met } = await world.persist((provider) => provider.createVm(spec, contextOf()));
      expect(met).toMatchObject([{ code: 'UNAVAILABLE' }]);
      expect(losses).toBe(2);
    } finally {
      await world.close();
    }
  });
});
