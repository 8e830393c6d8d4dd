import { cases } from '../conformance-case';
import { expectCode, expectRetryableRefusals } from '../error-codes';
import type { Session } from '../session';
import type { VmRef } from '../../../src/providers/contract';

function remove(session: Session, ref: VmRef): Promise<null> {
  return session.settle(() => session.provider.deleteVm(ref, session.context));
}

async function expectGone(session: Session, ref: VmRef): Promise<void> {
  expect(await session.provider.getVm(ref, session.context)).toBeNull();
  expect(await session.provider.locateVm(ref.marker, session.context)).toBeNull();
  expect((await session.listAll()).map(({ externalId }) => externalId)).not.toContain(ref.externalId);
}

export const vmDeletionCases = cases('vm-deletion', [
  {
    name: 'a stopped VM is gone from every read, and deleting it again succeeds',
    run: async (session) => {
      const { ref } = await session.stoppedVm();
      expect(await remove(session, ref)).toBeNull();
      await expectGone(session, ref);
      expect(await remove(session, ref)).toBeNull();
    },
  },
  {
    name: 'a running VM is deleted without being stopped first',
    run: async (session) => {
      const { ref } = await session.runningVm();
      await remove(session, ref);
      await expectGone(session, ref);
    },
  },
  {
    name: 'a suspended VM is deleted with its memory',
    when: ({ vm }) => vm.suspend,
    run: async (session) => {
      const { ref } = await session.runningVm();
      await session.settle(() => session.provider.suspendVm(ref, session.context));
      await remove(session, ref);
      await expectGone(session, ref);
    },
  },
  {
    name: 'with an empty external id all that carries the marker is removed, and again succeeds',
    run: async (session) => {
      const { ref } = await session.vm();
      await session.afterListingLag();
      for (let time = 1; time <= 2; time += 1) {
        expect(await remove(session, { externalId: '', marker: ref.marker })).toBeNull();
        await expectGone(session, ref);
      }
    },
  },
  {
    name: 'deleting what never was succeeds',
    run: async (session) => {
      const marker = session.newMarker('vm');
      expect(await remove(session, { externalId: '', marker })).toBeNull();
      const { ref } = await session.vm();
      await remove(session, ref);
      expect(await remove(session, { externalId: ref.externalId, marker })).toBeNull();
    },
  },
  {
    name: 'what was destroyed behind our back is gone, and deleting it succeeds',
    needs: ['destroyBehindBack'],
    run: async (session) => {
      const { ref } = await session.vm();
      await session.fault('destroyBehindBack')(ref.externalId);
      await expectGone(session, ref);
      expect(await remove(session, ref)).toBeNull();
    },
  },
  {
    name: 'two deletions at once remove it',
    run: async (session) => {
      const { ref } = await session.vm();
      expectRetryableRefusals(await Promise.allSettled([remove(session, ref), remove(session, ref)]));
      await remove(session, ref);
      await expectGone(session, ref);
    },
  },
  {
    name: 'after a lost reply the repetition succeeds',
    needs: ['loseNextReply'],
    run: async (session) => {
      const { ref } = await session.vm();
      await session.fault('loseNextReply')('deleteVm');
      await expectCode(remove(session, ref), 'UNAVAILABLE', 'DEADLINE_EXCEEDED');
      await remove(session, ref);
      await expectGone(session, ref);
    },
  },
  {
    name: 'the others are left alone',
    run: async (session) => {
      const kept = await session.runningVm();
      const { ref } = await session.vm();
      await remove(session, ref);
      const seen = await session.provider.getVm(kept.ref, session.context);
      expect(seen).toMatchObject({ externalId: kept.ref.externalId, powerState: 'POWERED_ON' });
    },
  },
]);
