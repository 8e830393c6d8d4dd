import { cases } from '../conformance-case';
import { expectCode } from '../error-codes';
import { contextOf } from '../recording-context';
import type { Session } from '../session';

async function duringOutage(session: Session, action: () => Promise<void>): Promise<void> {
  await session.fault('setUnavailable')(true);
  try {
    await action();
  } finally {
    await session.fault('setUnavailable')(false);
  }
}

/** The first call after an outage may still find the connection down. */
async function afterOutage(session: Session): Promise<void> {
  await session.eventually(
    'the backend',
    () =>
      session.provider.probe(session.context).then(
        () => true,
        () => false,
      ),
    (reached) => reached,
  );
}

export const errorsCases = cases('errors', [
  {
    name: 'a call that was cancelled is CANCELLED and changes nothing',
    run: async (session) => {
      const aborted = contextOf(AbortSignal.abort());
      const spec = await session.vmSpec();
      await expectCode(session.provider.probe(aborted), 'CANCELLED');
      await expectCode(session.provider.createVm(spec, aborted), 'CANCELLED');
      await session.afterListingLag();
      expect(await session.provider.locateVm(spec.marker, session.context)).toBeNull();
    },
  },
  {
    name: 'a creation cancelled in the middle can be repeated or cleaned up',
    run: async (session) => {
      const [repeated, removed] = [await session.vmSpec(), await session.vmSpec()];
      for (const spec of [repeated, removed]) {
        const controller = new AbortController();
        const call = session.provider.createVm(spec, contextOf(controller.signal));
        setImmediate(() => {
          controller.abort();
        });
        await call.catch((error: unknown) => {
          expect(error).toMatchObject({ code: 'CANCELLED' });
        });
      }
      await session.afterListingLag();
      const vm = await session.create(repeated);
      const orphan = { externalId: '', marker: removed.marker };
      await session.settle(() => session.provider.deleteVm(orphan, session.context));
      await session.afterListingLag();
      expect((await session.listAll()).map(({ externalId }) => externalId)).toEqual([vm.externalId]);
    },
  },
  {
    name: 'bad arguments are INVALID_ARGUMENT and name their field',
    run: async (session) => {
      const spec = await session.vmSpec({ cpuCount: 0 });
      const error = await expectCode(session.provider.createVm(spec, session.context), 'INVALID_ARGUMENT');
      expect(error.details).toMatchObject({ field: 'spec.cpuCount' });
      const name = await session.vmSpec({ name: 'a\r\nb' });
      await expectCode(session.provider.createVm(name, session.context), 'INVALID_ARGUMENT');
    },
  },
  {
    name: 'while the backend cannot be reached every call is UNAVAILABLE, and may be repeated',
    needs: ['setUnavailable'],
    run: async (session) => {
      const { ref } = await session.stoppedVm();
      const { provider, context } = session;
      const refused = await session.vmSpec();
      await duringOutage(session, async () => {
        const calls: (() => Promise<unknown>)[] = [
          () => provider.probe(context),
          () => provider.getVm(ref, context),
          () => provider.locateVm(ref.marker, context),
          () => provider.listVms({ installationId: session.installationId, pageToken: null }, context),
          () => provider.createVm(refused, context),
          () => provider.startVm(ref, context),
          () => provider.deleteVm(ref, context),
        ];
        for (const call of calls) {
          expect(await expectCode(call(), 'UNAVAILABLE')).toMatchObject({ retryable: true });
        }
      });
      await afterOutage(session);
      const vm = await session.settle(() => provider.startVm(ref, context));
      expect(vm.powerState).toBe('POWERED_ON');
    },
  },
  {
    name: 'after the lost reply of a start or a stop the repetition reaches the target',
    needs: ['loseNextReply'],
    run: async (session) => {
      const { ref } = await session.stoppedVm();
      const start = () => session.settle(() => session.provider.startVm(ref, session.context));
      const stop = () => session.settle(() => session.provider.stopVm(ref, 'FORCED', session.context));
      await session.fault('loseNextReply')('startVm');
      await expectCode(start(), 'UNAVAILABLE', 'DEADLINE_EXCEEDED');
      expect((await start()).powerState).toBe('POWERED_ON');
      await session.fault('loseNextReply')('stopVm');
      await expectCode(stop(), 'UNAVAILABLE', 'DEADLINE_EXCEEDED');
      expect((await stop()).powerState).toBe('POWERED_OFF');
    },
  },
  {
    name: 'after closing every call is UNAVAILABLE, closing repeats, and other connections live on',
    run: async (session) => {
      const other = session.stage.connect();
      await other.probe(session.context);
      await other.close();
      await other.close();
      await expectCode(other.probe(session.context), 'UNAVAILABLE');
      await expectCode(other.locateVm(session.newMarker('vm'), session.context), 'UNAVAILABLE');
      expect((await session.provider.probe(session.context)).version).toMatch(/\S/);
    },
  },
]);
