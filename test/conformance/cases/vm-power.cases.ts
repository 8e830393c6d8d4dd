import { cases } from '../conformance-case';
import { expectCode, expectRetryableRefusals } from '../error-codes';

export const vmPowerCases = cases('vm-power', [
  {
    name: 'starting makes it run, and starting it again changes nothing',
    run: async (session) => {
      const { ref } = await session.stoppedVm();
      for (let time = 1; time <= 2; time += 1) {
        const vm = await session.settle(() => session.provider.startVm(ref, session.context));
        expect(vm).toMatchObject({ externalId: ref.externalId, powerState: 'POWERED_ON' });
      }
      expect(await session.provider.getVm(ref, session.context)).toMatchObject({ powerState: 'POWERED_ON' });
    },
  },
  {
    name: 'a forced stop stops it, and stopping it again changes nothing',
    run: async (session) => {
      const { ref } = await session.runningVm();
      for (let time = 1; time <= 2; time += 1) {
        const vm = await session.settle(() => session.provider.stopVm(ref, 'FORCED', session.context));
        expect(vm).toMatchObject({ externalId: ref.externalId, powerState: 'POWERED_OFF' });
      }
      expect(await session.provider.getVm(ref, session.context)).toMatchObject({ powerState: 'POWERED_OFF' });
    },
  },
  {
    name: 'it starts and stops as often as wanted',
    run: async (session) => {
      const { ref } = await session.stoppedVm();
      for (let time = 1; time <= 2; time += 1) {
        const on = await session.settle(() => session.provider.startVm(ref, session.context));
        expect(on.powerState).toBe('POWERED_ON');
        const off = await session.settle(() => session.provider.stopVm(ref, 'FORCED', session.context));
        expect(off.powerState).toBe('POWERED_OFF');
      }
    },
  },
  {
    name: 'two starts at once make it run',
    run: async (session) => {
      const { ref } = await session.stoppedVm();
      const start = () => session.settle(() => session.provider.startVm(ref, session.context));
      expectRetryableRefusals(await Promise.allSettled([start(), start()]));
      expect(await start()).toMatchObject({ powerState: 'POWERED_ON' });
    },
  },
  {
    name: 'starting and stopping what is gone is NOT_FOUND',
    run: async (session) => {
      const { ref } = await session.stoppedVm();
      await session.settle(() => session.provider.deleteVm(ref, session.context));
      await expectCode(
        session.settle(() => session.provider.startVm(ref, session.context)),
        'NOT_FOUND',
      );
      await expectCode(
        session.settle(() => session.provider.stopVm(ref, 'FORCED', session.context)),
        'NOT_FOUND',
      );
    },
  },
  {
    name: 'what was powered off behind our back is seen and starts again',
    needs: ['powerOffBehindBack'],
    run: async (session) => {
      const { ref } = await session.runningVm();
      await session.fault('powerOffBehindBack')(ref.externalId);
      const seen = await session.provider.getVm(ref, session.context);
      expect(seen).toMatchObject({ powerState: 'POWERED_OFF' });
      const vm = await session.settle(() => session.provider.startVm(ref, session.context));
      expect(vm.powerState).toBe('POWERED_ON');
    },
  },
]);
