import { cases } from '../conformance-case';
import { expectCode } from '../error-codes';
import type { Session } from '../session';

async function suspendedVm(session: Session) {
  const made = await session.runningVm();
  const vm = await session.settle(() => session.provider.suspendVm(made.ref, session.context));
  return { ...made, vm };
}

const declared = ({ vm }: { vm: { suspend: boolean } }): boolean => vm.suspend;

export const vmSuspendCases = cases('vm-suspend', [
  {
    name: 'suspending suspends, and again changes nothing',
    when: declared,
    run: async (session) => {
      const { ref, vm } = await suspendedVm(session);
      expect(vm).toMatchObject({ externalId: ref.externalId, powerState: 'SUSPENDED' });
      const again = await session.settle(() => session.provider.suspendVm(ref, session.context));
      expect(again.powerState).toBe('SUSPENDED');
      expect(await session.provider.getVm(ref, session.context)).toMatchObject({ powerState: 'SUSPENDED' });
    },
  },
  {
    name: 'resuming makes it run, and again changes nothing',
    when: declared,
    run: async (session) => {
      const { ref } = await suspendedVm(session);
      for (let time = 1; time <= 2; time += 1) {
        const vm = await session.settle(() => session.provider.resumeVm(ref, session.context));
        expect(vm.powerState).toBe('POWERED_ON');
      }
    },
  },
  {
    name: 'starting a suspended VM resumes it',
    when: declared,
    run: async (session) => {
      const { ref } = await suspendedVm(session);
      const vm = await session.settle(() => session.provider.startVm(ref, session.context));
      expect(vm.powerState).toBe('POWERED_ON');
    },
  },
  {
    name: 'the guest goes on where it was, without booting again',
    when: ({ vm }) => vm.suspend && vm.consoleLog && vm.gracefulStop,
    needs: ['guest'],
    run: async (session) => {
      const { ref } = await session.runningVm();
      await session.consoleShows(ref, session.guest.readyText);
      await session.settle(() => session.provider.suspendVm(ref, session.context));
      await session.settle(() => session.provider.resumeVm(ref, session.context));
      // That it still answers shows that it lives; that it says nothing twice, that it is the same.
      const vm = await session.settle(() => session.provider.stopVm(ref, 'GRACEFUL', session.context));
      expect(vm.powerState).toBe('POWERED_OFF');
      const log = await session.provider.readConsoleLog(ref, 1024 * 1024, session.context);
      expect(log.split(session.guest.readyText).length).toBeLessThanOrEqual(2);
    },
  },
  {
    name: 'a forced stop drops the memory of a suspended VM',
    when: declared,
    run: async (session) => {
      const { ref } = await suspendedVm(session);
      const vm = await session.settle(() => session.provider.stopVm(ref, 'FORCED', session.context));
      expect(vm.powerState).toBe('POWERED_OFF');
      await expectCode(
        session.settle(() => session.provider.resumeVm(ref, session.context)),
        'FAILED_PRECONDITION',
      );
    },
  },
  {
    name: 'a stopped VM can neither be suspended nor resumed',
    when: declared,
    run: async (session) => {
      const { ref } = await session.stoppedVm();
      const suspend = session.settle(() => session.provider.suspendVm(ref, session.context));
      await expectCode(suspend, 'FAILED_PRECONDITION');
      const resume = session.settle(() => session.provider.resumeVm(ref, session.context));
      await expectCode(resume, 'FAILED_PRECONDITION');
    },
  },
  {
    name: 'resuming a running VM changes nothing',
    when: declared,
    run: async (session) => {
      const { ref } = await session.runningVm();
      const vm = await session.settle(() => session.provider.resumeVm(ref, session.context));
      expect(vm.powerState).toBe('POWERED_ON');
    },
  },
  {
    name: 'undeclared, both are UNSUPPORTED and the VM runs on',
    when: ({ vm }) => !vm.suspend,
    run: async (session) => {
      const { ref } = await session.runningVm();
      await expectCode(session.provider.suspendVm(ref, session.context), 'UNSUPPORTED');
      await expectCode(session.provider.resumeVm(ref, session.context), 'UNSUPPORTED');
      expect(await session.provider.getVm(ref, session.context)).toMatchObject({ powerState: 'POWERED_ON' });
    },
  },
]);
