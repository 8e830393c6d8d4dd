import { cases } from '../conformance-case';
import { expectCode } from '../error-codes';

export const consoleLogCases = cases('console-log', [
  {
    name: 'what the guest writes can be read, the last of it alone when asked for less',
    when: ({ vm }) => vm.consoleLog,
    needs: ['guest'],
    run: async (session) => {
      const { ref } = await session.runningVm();
      await session.consoleShows(ref, session.guest.readyText);
      const last = await session.provider.readConsoleLog(ref, 20, session.context);
      expect(last.length).toBeGreaterThan(0);
      expect(Buffer.byteLength(last)).toBeLessThanOrEqual(20);
      expect(await session.provider.readConsoleLog(ref, 1024 * 1024, session.context)).toContain(last);
    },
  },
  {
    name: 'it can be read when the VM has stopped',
    when: ({ vm }) => vm.consoleLog,
    needs: ['guest'],
    run: async (session) => {
      const { ref } = await session.runningVm();
      await session.consoleShows(ref, session.guest.readyText);
      await session.settle(() => session.provider.stopVm(ref, 'FORCED', session.context));
      await session.consoleShows(ref, session.guest.readyText);
    },
  },
  {
    name: 'that of a VM that never ran is a text',
    when: ({ vm }) => vm.consoleLog,
    run: async (session) => {
      const { ref } = await session.stoppedVm();
      expect(typeof (await session.provider.readConsoleLog(ref, 1024, session.context))).toBe('string');
    },
  },
  {
    name: 'that of a VM that is gone is NOT_FOUND',
    when: ({ vm }) => vm.consoleLog,
    run: async (session) => {
      const { ref } = await session.vm();
      await session.settle(() => session.provider.deleteVm(ref, session.context));
      await expectCode(session.provider.readConsoleLog(ref, 1024, session.context), 'NOT_FOUND');
    },
  },
  {
    name: 'undeclared, it is UNSUPPORTED',
    when: ({ vm }) => !vm.consoleLog,
    run: async (session) => {
      const { ref } = await session.vm();
      await expectCode(session.provider.readConsoleLog(ref, 1024, session.context), 'UNSUPPORTED');
    },
  },
]);
