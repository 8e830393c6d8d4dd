import { cases } from '../conformance-case';

export const backendCases = cases('backend', [
  {
    name: 'a probe tells the version and a capacity that adds up',
    run: async ({ provider, context }) => {
      const { version, capacity } = await provider.probe(context);
      expect(version).toMatch(/\S/);
      for (const amount of Object.values(capacity)) expect(amount ?? 0).toBeGreaterThanOrEqual(0);
      const { memoryMib, freeMemoryMib, storageGib, freeStorageGib } = capacity;
      expect(freeMemoryMib ?? 0).toBeLessThanOrEqual(memoryMib ?? Infinity);
      expect(freeStorageGib ?? 0).toBeLessThanOrEqual(storageGib ?? Infinity);
    },
  },
  {
    name: 'a second connection sees what the first one made',
    run: async (session) => {
      const { ref, spec } = await session.vm();
      await session.afterListingLag();
      const second = session.stage.connect();
      expect(await second.getVm(ref, session.context)).toMatchObject({ externalId: ref.externalId });
      expect(await second.locateVm(spec.marker, session.context)).toMatchObject({
        externalId: ref.externalId,
      });
    },
  },
]);
