import { cases } from '../conformance-case';
import type { ConformanceCase } from '../conformance-case';
import { expectCode } from '../error-codes';

const MODES = ['GRACEFUL', 'FORCED'] as const;

function guestBootsAgain(mode: (typeof MODES)[number]): Omit<ConformanceCase, 'capability'> {
  return {
    name: `the guest boots again after a ${mode.toLowerCase()} reboot`,
    when: ({ vm }) => vm.reboot && vm.consoleLog,
    needs: ['guest'],
    run: async (session) => {
      const { ref } = await session.runningVm();
      await session.consoleShows(ref, session.guest.readyText);
      const vm = await session.settle(() => session.provider.rebootVm(ref, mode, session.context));
      expect(vm.powerState).toBe('POWERED_ON');
      await session.consoleShows(ref, session.guest.readyText, 2);
    },
  };
}

export const vmRebootCases = cases('vm-reboot', [
  ...MODES.map(guestBootsAgain),
  {
    name: 'a forced reboot leaves it running, and may be repeated',
    when: ({ vm }) => vm.reboot,
    run: async (session) => {
      const { ref } = await session.runningVm();
      for (let time = 1; time <= 2; time += 1) {
        const vm = await session.settle(() => session.provider.rebootVm(ref, 'FORCED', session.context));
        expect(vm).toMatchObject({ externalId: ref.externalId, powerState: 'POWERED_ON' });
      }
    },
  },
  {
    name: 'a stopped VM cannot be rebooted and stays stopped',
    when: ({ vm }) => vm.reboot,
    run: async (session) => {
      const { ref } = await session.stoppedVm();
      for (const mode of MODES) {
        const reboot = session.settle(() => session.provider.rebootVm(ref, mode, session.context));
        await expectCode(reboot, 'FAILED_PRECONDITION');
      }
      expect(await session.provider.getVm(ref, session.context)).toMatchObject({ powerState: 'POWERED_OFF' });
    },
  },
  {
    name: 'undeclared, it is UNSUPPORTED in both modes',
    when: ({ vm }) => !vm.reboot,
    run: async (session) => {
      const { ref } = await session.runningVm();
      for (const mode of MODES) {
        await expectCode(session.provider.rebootVm(ref, mode, session.context), 'UNSUPPORTED');
      }
    },
  },
]);
