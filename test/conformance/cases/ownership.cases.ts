import type { Marker, Outcome, VmRef } from '../../../src/providers/contract';
import { cases } from '../conformance-case';
import { expectCode } from '../error-codes';
import type { Session } from '../session';

/** The same object as somebody else would name it: of another installation, another tenant, or another of our ids. */
function strangers(marker: Marker): Marker[] {
  return [
    { ...marker, installationId: `${marker.installationId}-x` },
    { ...marker, tenantId: `${marker.tenantId}-x` },
    { ...marker, objectId: `${marker.objectId}-x` },
  ];
}

/** Every mutation of a VM that the manifest declares, made with this ref. */
function mutations(session: Session): ((ref: VmRef) => Promise<Outcome<unknown>>)[] {
  const { provider, context, capabilities } = session;
  const list: ((ref: VmRef) => Promise<Outcome<unknown>>)[] = [
    (ref) => provider.startVm(ref, context),
    (ref) => provider.stopVm(ref, 'FORCED', context),
    (ref) => provider.deleteVm(ref, context),
  ];
  const { vm } = capabilities;
  if (vm.gracefulStop) list.push((ref) => provider.stopVm(ref, 'GRACEFUL', context));
  if (vm.reboot) list.push((ref) => provider.rebootVm(ref, 'FORCED', context));
  if (vm.suspend) list.push((ref) => provider.suspendVm(ref, context));
  if (vm.suspend) list.push((ref) => provider.resumeVm(ref, context));
  if (vm.resize.memory !== 'NEVER') list.push((ref) => provider.resizeVm(ref, { memoryMib: 4096 }, context));
  return list;
}

export const ownershipCases = cases('ownership', [
  {
    name: "no mutation touches a VM that carries another's marker",
    run: async (session) => {
      const { ref } = await session.runningVm();
      const before = await session.provider.getVm(ref, session.context);
      for (const marker of strangers(ref.marker)) {
        for (const mutate of mutations(session)) {
          await expectCode(
            session.settle(() => mutate({ externalId: ref.externalId, marker })),
            'NOT_FOUND',
          );
        }
      }
      const { powerState, memoryMib } = before ?? {};
      expect(await session.provider.getVm(ref, session.context)).toMatchObject({ powerState, memoryMib });
    },
  },
  {
    name: "reads do not tell of a VM that carries another's marker",
    run: async (session) => {
      const { ref } = await session.vm();
      await session.afterListingLag();
      for (const marker of strangers(ref.marker)) {
        expect(
          await session.provider.getVm({ externalId: ref.externalId, marker }, session.context),
        ).toBeNull();
        expect(await session.provider.locateVm(marker, session.context)).toBeNull();
      }
    },
  },
  {
    name: "the console of a VM that carries another's marker is NOT_FOUND",
    when: ({ vm }) => vm.consoleLog,
    run: async (session) => {
      const { ref } = await session.vm();
      for (const marker of strangers(ref.marker)) {
        const foreign = { externalId: ref.externalId, marker };
        await expectCode(session.provider.readConsoleLog(foreign, 1024, session.context), 'NOT_FOUND');
      }
    },
  },
  {
    name: "a deletion by another's marker removes nothing of ours",
    run: async (session) => {
      const { ref } = await session.vm();
      await session.afterListingLag();
      for (const marker of strangers(ref.marker)) {
        await session.settle(() => session.provider.deleteVm({ externalId: '', marker }, session.context));
      }
      expect(await session.provider.getVm(ref, session.context)).not.toBeNull();
    },
  },
  {
    name: "a network that carries another's marker is neither located nor deleted",
    when: ({ network }) => network.modes.length > 0,
    run: async (session) => {
      const { ref } = await session.network();
      await session.afterListingLag();
      for (const marker of strangers(ref.marker)) {
        const remove = (externalId: string) =>
          session.settle(() => session.provider.deleteNetwork({ externalId, marker }, session.context));
        await expectCode(remove(ref.externalId), 'NOT_FOUND');
        await remove('');
        expect(await session.provider.locateNetwork(marker, session.context)).toBeNull();
      }
      const ours = await session.provider.locateNetwork(ref.marker, session.context);
      expect(ours).toMatchObject({ externalId: ref.externalId });
    },
  },
]);
