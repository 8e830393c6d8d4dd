import { cases } from '../conformance-case';

export const imagesCases = cases('images', [
  {
    name: 'an image resolves to an id, a name and the smallest disk that it fits on',
    run: async ({ provider, context, harness }) => {
      const image = await provider.resolveImage(harness.imageRef, context);
      expect(image).toMatchObject({ minDiskGib: harness.imageMinDiskGib });
      expect(image?.externalId).toMatch(/./);
      expect(image?.name).toMatch(/./);
    },
  },
  {
    name: 'resolving it again gives the same',
    run: async ({ provider, context, harness }) => {
      const first = await provider.resolveImage(harness.imageRef, context);
      expect(await provider.resolveImage(harness.imageRef, context)).toEqual(first);
    },
  },
  {
    name: 'an image that is not there is null',
    run: async ({ provider, context }) => {
      expect(await provider.resolveImage('no-such-image-7f3a', context)).toBeNull();
    },
  },
]);
