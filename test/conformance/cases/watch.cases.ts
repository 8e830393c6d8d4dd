import type { BackendEvent, Capabilities, VmObservation } from '../../../src/providers/contract';
import { cases } from '../conformance-case';
import { expectCode } from '../error-codes';
import type { Session } from '../session';

const push = ({ watch }: Capabilities): boolean => watch === 'PUSH';

/** Watches while `action` runs, and ends the watch whatever happens. */
async function watching(session: Session, action: (events: BackendEvent[]) => Promise<void>): Promise<void> {
  const events: BackendEvent[] = [];
  const controller = new AbortController();
  const ended = session.provider.watch((event) => void events.push(event), controller.signal);
  try {
    await heard(session, events, 'RESYNC', (event) => event.type === 'RESYNC');
    await action(events);
  } finally {
    controller.abort();
    await ended;
  }
}

async function heard(
  session: Session,
  events: BackendEvent[],
  what: string,
  accept: (event: BackendEvent) => boolean,
): Promise<void> {
  await session.eventually(
    `the event ${what} among ${events.length}`,
    async () => events.some(accept),
    (found) => found,
  );
}

function changed(externalId: string, powerState: VmObservation['powerState']) {
  return (event: BackendEvent): boolean =>
    event.type === 'VM_CHANGED' && event.vm.externalId === externalId && event.vm.powerState === powerState;
}

export const watchCases = cases('watch', [
  {
    name: 'the feed begins with RESYNC and ends when it is told to',
    when: push,
    run: async (session) => {
      await watching(session, async (events) => {
        expect(events[0]).toEqual({ type: 'RESYNC' });
      });
    },
  },
  {
    name: 'it tells of starts, stops and deletions, with the marker',
    when: push,
    run: async (session) => {
      await watching(session, async (events) => {
        const { ref, spec } = await session.stoppedVm();
        await session.settle(() => session.provider.startVm(ref, session.context));
        await heard(session, events, 'POWERED_ON', changed(ref.externalId, 'POWERED_ON'));
        const told = events.find(changed(ref.externalId, 'POWERED_ON'));
        expect(told).toMatchObject({ vm: { marker: spec.marker, name: spec.name } });
        const before = events.length;
        await session.settle(() => session.provider.stopVm(ref, 'FORCED', session.context));
        await session.eventually(
          'the event POWERED_OFF',
          async () => events.slice(before).some(changed(ref.externalId, 'POWERED_OFF')),
          (found) => found,
        );
        await session.settle(() => session.provider.deleteVm(ref, session.context));
        const gone = (event: BackendEvent) => event.type === 'VM_GONE' && event.externalId === ref.externalId;
        await heard(session, events, 'VM_GONE', gone);
      });
    },
  },
  {
    name: 'it tells of what happens behind our back',
    when: push,
    needs: ['powerOffBehindBack'],
    run: async (session) => {
      const { ref } = await session.runningVm();
      await watching(session, async (events) => {
        await session.fault('powerOffBehindBack')(ref.externalId);
        await heard(session, events, 'POWERED_OFF', changed(ref.externalId, 'POWERED_OFF'));
      });
    },
  },
  {
    name: 'it tells of a new name',
    when: push,
    needs: ['renameBehindBack'],
    run: async (session) => {
      const { ref, spec } = await session.stoppedVm();
      await watching(session, async (events) => {
        await session.fault('renameBehindBack')(ref.externalId, 'renamed');
        const renamed = (event: BackendEvent): boolean =>
          event.type === 'VM_CHANGED' && event.vm.name === 'renamed';
        await heard(session, events, 'VM_CHANGED', renamed);
        expect(events.find(renamed)).toMatchObject({
          vm: { externalId: ref.externalId, marker: spec.marker },
        });
      });
      const seen = await session.provider.getVm(ref, session.context);
      expect(seen?.name).toBe('renamed');
    },
  },
  {
    name: 'after an outage it resynchronises by itself',
    when: push,
    needs: ['setUnavailable'],
    run: async (session) => {
      const { ref } = await session.stoppedVm();
      await watching(session, async (events) => {
        await session.fault('setUnavailable')(true);
        await session.fault('setUnavailable')(false);
        await session.eventually(
          'a second RESYNC',
          async () => events.filter(({ type }) => type === 'RESYNC').length,
          (count) => count >= 2,
        );
        await session.settle(() => session.provider.startVm(ref, session.context));
        await heard(session, events, 'POWERED_ON', changed(ref.externalId, 'POWERED_ON'));
      });
    },
  },
  {
    name: 'two may watch at once, and each hears all',
    when: push,
    run: async (session) => {
      await watching(session, async (events) => {
        await watching(session, async (others) => {
          const { ref } = await session.runningVm();
          await heard(session, events, 'POWERED_ON', changed(ref.externalId, 'POWERED_ON'));
          await heard(session, others, 'POWERED_ON', changed(ref.externalId, 'POWERED_ON'));
        });
      });
    },
  },
  {
    name: 'undeclared, it is UNSUPPORTED',
    when: ({ watch }) => watch === 'NONE',
    run: async (session) => {
      const signal = AbortSignal.timeout(session.harness.timeoutMs);
      await expectCode(
        session.provider.watch(() => undefined, signal),
        'UNSUPPORTED',
      );
    },
  },
]);
