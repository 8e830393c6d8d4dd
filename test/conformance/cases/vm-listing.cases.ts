import { cases } from '../conformance-case';

export const vmListingCases = cases('vm-listing', [
  {
    name: 'all pages together show each VM once',
    run: async (session) => {
      const made = [await session.vm(), await session.vm(), await session.vm()];
      await session.afterListingLag();
      const listed = (await session.listAll()).map(({ externalId }) => externalId);
      expect(listed.toSorted()).toEqual(made.map(({ ref }) => ref.externalId).toSorted());
    },
  },
  {
    name: 'a listing says of a VM what asking for it says',
    run: async (session) => {
      const { ref } = await session.runningVm();
      await session.afterListingLag();
      const { powerState, marker, name, cpuCount, memoryMib, diskGib } =
        (await session.provider.getVm(ref, session.context)) ?? {};
      const same = { powerState, marker, name, cpuCount, memoryMib, diskGib, externalId: ref.externalId };
      expect(await session.listAll()).toEqual([expect.objectContaining(same)]);
    },
  },
  {
    name: "another installation's VMs are not shown",
    run: async (session) => {
      await session.vm();
      await session.afterListingLag();
      expect(await session.listAll(`other-${session.installationId}`)).toEqual([]);
    },
  },
  {
    name: 'observations are as fresh as they say',
    run: async (session) => {
      const before = Date.now();
      const { ref } = await session.vm();
      const vm = await session.provider.getVm(ref, session.context);
      // A minute for clocks that differ: what is told must not be from another day, or in seconds.
      expect(vm?.observedAt).toBeGreaterThan(before - 60_000);
      expect(vm?.observedAt).toBeLessThan(Date.now() + 60_000);
    },
  },
]);
