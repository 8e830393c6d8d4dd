import { cases } from '../conformance-case';
import { settle } from '../settle';

export const operationsCases = cases('operations', [
  {
    name: 'an operation that the backend does not know is LOST',
    run: async ({ provider, context }) => {
      const progress = await provider.pollOperation({ type: 'no-such-type', ref: 'no-such-ref' }, context);
      expect(progress).toEqual({ state: 'LOST' });
    },
  },
  {
    name: 'accepted work is polled to its end by another connection',
    run: async (session) => {
      const spec = await session.vmSpec();
      const outcome = await session.provider.createVm(spec, session.context);
      // Stored in between, as a task does that another process takes over.
      const stored: typeof outcome = JSON.parse(JSON.stringify(outcome));
      const other = session.stage.connect();
      let handedOver = false;
      const vm = await settle(other, session.context, session.harness.timeoutMs, async () => {
        if (handedOver) return other.createVm(spec, session.context);
        handedOver = true;
        return stored;
      });
      expect(vm.marker).toEqual(spec.marker);
      expect(
        await other.getVm({ externalId: vm.externalId, marker: spec.marker }, session.context),
      ).not.toBeNull();
    },
  },
  {
    name: 'work that has ended may be asked after again',
    run: async (session) => {
      const { ref } = await session.stoppedVm();
      const outcome = await session.provider.startVm(ref, session.context);
      await session.settle(async () => outcome);
      await session.settle(() => session.provider.startVm(ref, session.context));
      if (outcome.state === 'DONE') return;
      const again = await session.provider.pollOperation(outcome.operation, session.context);
      expect(['DONE', 'LOST', 'CONTINUE']).toContain(again.state);
    },
  },
]);
