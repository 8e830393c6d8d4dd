import { cases } from '../conformance-case';
import { expectCode } from '../error-codes';

export const vmGracefulStopCases = cases('vm-graceful-stop', [
  {
    name: 'the guest shuts down by itself, and asking again changes nothing',
    when: ({ vm }) => vm.gracefulStop && vm.consoleLog,
    needs: ['guest'],
    run: async (session) => {
      const { ref } = await session.runningVm();
      await session.consoleShows(ref, session.guest.readyText);
      for (let time = 1; time <= 2; time += 1) {
        const vm = await session.settle(() => session.provider.stopVm(ref, 'GRACEFUL', session.context));
        expect(vm.powerState).toBe('POWERED_OFF');
      }
      const { poweroffText } = session.guest;
      if (poweroffText !== undefined) await session.consoleShows(ref, poweroffText);
    },
  },
  {
    name: 'on a stopped VM nothing happens',
    when: ({ vm }) => vm.gracefulStop,
    run: async (session) => {
      const { ref } = await session.stoppedVm();
      const vm = await session.settle(() => session.provider.stopVm(ref, 'GRACEFUL', session.context));
      expect(vm.powerState).toBe('POWERED_OFF');
    },
  },
  {
    name: 'a suspended guest cannot be asked',
    when: ({ vm }) => vm.gracefulStop && vm.suspend,
    run: async (session) => {
      const { ref } = await session.runningVm();
      await session.settle(() => session.provider.suspendVm(ref, session.context));
      const stop = session.settle(() => session.provider.stopVm(ref, 'GRACEFUL', session.context));
      await expectCode(stop, 'FAILED_PRECONDITION');
    },
  },
  {
    name: 'undeclared, it is UNSUPPORTED and the VM runs on',
    when: ({ vm }) => !vm.gracefulStop,
    run: async (session) => {
      const { ref } = await session.runningVm();
      await expectCode(session.provider.stopVm(ref, 'GRACEFUL', session.context), 'UNSUPPORTED');
      expect(await session.provider.getVm(ref, session.context)).toMatchObject({ powerState: 'POWERED_ON' });
    },
  },
]);
