import { done } from '../../../src/providers/contract';
import { fail } from './broken-provider';
import type { Breakage } from './broken-provider';

export const CREATION_BREAKAGES: readonly Breakage[] = [
  {
    name: 'a creation that makes another VM each time',
    config: { idempotencyKey: false, listingLagMs: 60_000 },
    caughtBy: ['the repeated creation answers the same VM, and there is one'],
  },
  {
    name: 'a creation that makes two when called twice at once',
    overrides: (sound, backend) => {
      let first = true;
      const twin = { installationId: 'x', tenantId: 'x', objectId: 'x', operationId: 'x' };
      return {
        createVm: async (spec, context) => {
          if (!first) return sound.createVm(spec, context);
          first = false;
          const made = await sound.createVm({ ...spec, marker: { ...twin } }, context);
          if (made.state === 'DONE') backend.changeBehindBack(made.value.externalId, { marker: spec.marker });
          return made;
        },
      };
    },
    caughtBy: ['the creation called twice at once makes one VM'],
  },
  {
    name: 'a first stage that passes for the whole',
    config: { asynchronous: true, stagedCreation: true },
    overrides: (sound, backend) => ({
      pollOperation: async (operation, context) => {
        const progress = await sound.pollOperation(operation, context);
        return (progress.state === 'CONTINUE' ? done(backend.vms()[0]) : progress) as never;
      },
    }),
    caughtBy: ['the VM is what was asked for, with its marker'],
  },
  {
    name: 'stages that never end',
    overrides: () => ({
      createVm: async () => ({ state: 'ACCEPTED', operation: { type: 'a', ref: 'a' }, pollAfterMs: 0 }),
      pollOperation: async () => ({ state: 'CONTINUE' }),
    }),
    caughtBy: ['accepted work is polled to its end by another connection'],
  },
  {
    name: 'a VM without its marker',
    overrides: (sound, backend) => ({
      createVm: async (spec, context) => {
        const made = await sound.createVm(spec, context);
        if (made.state === 'DONE') backend.changeBehindBack(made.value.externalId, { marker: null });
        return made;
      },
    }),
    caughtBy: [
      'the VM is what was asked for, with its marker',
      'it is located by its marker, and an unused marker locates nothing',
    ],
  },
  {
    name: 'a creation that stops a running VM when repeated',
    overrides: (sound, backend) => ({
      createVm: async (spec, context) => {
        const found = await sound.locateVm(spec.marker, context);
        if (found) backend.powerOff(found.externalId);
        return sound.createVm(spec, context);
      },
    }),
    caughtBy: ['the creation repeated while the VM runs leaves it running'],
  },
  {
    name: 'names that are escaped and stay so',
    overrides: (sound) => ({
      createVm: (spec, context) =>
        sound.createVm({ ...spec, name: spec.name.replaceAll('&', '&amp;').slice(0, 63) }, context),
    }),
    caughtBy: ['a name full of markup comes back as it was'],
  },
  {
    name: 'names that have to be unique',
    overrides: (sound, backend) => ({
      createVm: async (spec, context) => {
        if (await sound.locateVm(spec.marker, context)) return sound.createVm(spec, context);
        return backend.vms().some((vm) => vm.name === spec.name)
          ? fail('ALREADY_EXISTS')
          : sound.createVm(spec, context);
      },
    }),
    caughtBy: ['two VMs may have the same name'],
  },
  {
    name: 'cards in any order',
    overrides: (sound) => ({
      createVm: (spec, context) => sound.createVm({ ...spec, networks: spec.networks.toReversed() }, context),
    }),
    caughtBy: ['its cards are on the networks asked for, in that order'],
  },
  {
    name: 'a disk smaller than the image, made larger in silence',
    overrides: (sound) => ({
      createVm: (spec, context) => sound.createVm({ ...spec, diskGib: Math.max(spec.diskGib, 3) }, context),
    }),
    caughtBy: ['a disk smaller than the image is refused'],
  },
  {
    name: 'an image that is not there, replaced by another',
    overrides: (sound) => ({
      createVm: (spec, context) => sound.createVm({ ...spec, imageExternalId: 'tiny' }, context),
      resolveImage: (imageRef, context) =>
        sound.resolveImage(imageRef.startsWith('no-such') ? 'tiny' : imageRef, context),
    }),
    caughtBy: [
      'an image that is not there is refused and leaves nothing',
      'an image that is not there is null',
    ],
  },
  {
    name: 'user data in the log',
    overrides: (sound) => ({
      createVm: (spec, context) => {
        context.logger.info({ spec }, 'creating');
        return sound.createVm(spec, context);
      },
    }),
    caughtBy: ['user data is neither logged nor told'],
  },
];
