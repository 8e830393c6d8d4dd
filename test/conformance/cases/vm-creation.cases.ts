import { cases } from '../conformance-case';
import { expectCode, expectRetryableRefusals } from '../error-codes';
import type { Session } from '../session';

const ABSENT = 'absent-7f3a';

/** A creation that has to be refused, and that leaves nothing once it was deleted. */
async function refusedWithoutTrace(
  session: Session,
  changes: Parameters<Session['vmSpec']>[0],
): Promise<void> {
  const spec = await session.vmSpec(changes);
  await expectCode(session.create(spec), 'INVALID_ARGUMENT', 'NOT_FOUND', 'FAILED_PRECONDITION');
  await session.afterListingLag();
  expect(await session.provider.locateVm(spec.marker, session.context)).toBeNull();
}

export const vmCreationCases = cases('vm-creation', [
  {
    name: 'the VM is what was asked for, with its marker',
    run: async (session) => {
      const { spec, vm, ref } = await session.vm({ name: 'web 1' });
      expect(vm).toMatchObject({ name: 'web 1', marker: spec.marker });
      expect(vm.externalId).toMatch(/./);
      expect(vm.cpuCount).toBeGreaterThanOrEqual(spec.cpuCount);
      expect(vm.memoryMib).toBeGreaterThanOrEqual(spec.memoryMib);
      expect(vm.diskGib).toBeGreaterThanOrEqual(spec.diskGib);
      expect(vm.nics.map((nic) => nic.networkExternalId)).toEqual(
        spec.networks.map((each) => each.externalId),
      );
      for (const nic of vm.nics) expect(nic.macAddress).toMatch(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/);
      const seen = await session.provider.getVm(ref, session.context);
      expect(seen).toMatchObject({ externalId: ref.externalId, name: 'web 1', marker: spec.marker });
    },
  },
  {
    name: 'it is located by its marker, and an unused marker locates nothing',
    run: async (session) => {
      const { spec, ref } = await session.vm();
      await session.afterListingLag();
      const located = await session.provider.locateVm(spec.marker, session.context);
      expect(located).toMatchObject({ externalId: ref.externalId, marker: spec.marker });
      expect(await session.provider.locateVm(session.newMarker('vm'), session.context)).toBeNull();
    },
  },
  {
    name: 'the repeated creation answers the same VM, and there is one',
    run: async (session) => {
      const { spec, ref } = await session.vm();
      await session.afterListingLag();
      expect(await session.create(spec)).toMatchObject({ externalId: ref.externalId });
      await session.afterListingLag();
      expect(await session.listAll()).toHaveLength(1);
    },
  },
  {
    name: 'the creation repeated while the VM runs leaves it running',
    run: async (session) => {
      const { spec, ref } = await session.runningVm();
      await session.afterListingLag();
      const again = await session.create(spec);
      expect(again).toMatchObject({ externalId: ref.externalId, powerState: 'POWERED_ON' });
    },
  },
  {
    name: 'the creation called twice at once makes one VM',
    when: ({ listingLagMs }) => listingLagMs === 0,
    run: async (session) => {
      const spec = await session.vmSpec();
      expectRetryableRefusals(await Promise.allSettled([session.create(spec), session.create(spec)]));
      const settled = await session.create(spec);
      const listed = await session.listAll();
      expect(listed.map(({ externalId }) => externalId)).toEqual([settled.externalId]);
    },
  },
  {
    name: 'after a lost reply the repetition finds the VM that was made',
    needs: ['loseNextReply'],
    run: async (session) => {
      const spec = await session.vmSpec();
      await session.fault('loseNextReply')('createVm');
      await expectCode(session.create(spec), 'UNAVAILABLE', 'DEADLINE_EXCEEDED');
      await session.afterListingLag();
      const vm = await session.create(spec);
      await session.afterListingLag();
      expect((await session.listAll()).map(({ externalId }) => externalId)).toEqual([vm.externalId]);
    },
  },
  {
    name: 'two VMs may have the same name',
    run: async (session) => {
      const one = await session.vm({ name: 'twin', hostname: 'twin' });
      const other = await session.vm({ name: 'twin', hostname: 'twin' });
      expect(other.ref.externalId).not.toBe(one.ref.externalId);
      expect(other.vm.name).toBe('twin');
    },
  },
  {
    name: 'a name full of markup comes back as it was',
    run: async (session) => {
      const name = `<a b="c">&amp;'%s/..\\$(x)]]>é`;
      const { ref, vm } = await session.vm({ name });
      expect(vm.name).toBe(name);
      expect((await session.provider.getVm(ref, session.context))?.name).toBe(name);
    },
  },
  {
    name: 'its cards are on the networks asked for, in that order',
    when: ({ network }) => network.modes.length > 0 && (network.maxPerVm ?? 2) > 1,
    run: async (session) => {
      const one = await session.network({ cidr: session.stage.cidr(1) });
      const other = await session.network({ cidr: session.stage.cidr(2) });
      const wanted = [other.ref.externalId, one.ref.externalId];
      const { ref } = await session.vm({ networks: wanted.map((externalId) => ({ externalId })) });
      const vm = await session.provider.getVm(ref, session.context);
      expect(vm?.nics.map((nic) => nic.networkExternalId)).toEqual(wanted);
      expect(new Set(vm?.nics.map((nic) => nic.macAddress)).size).toBe(2);
    },
  },
  {
    name: 'more networks than a VM can be on are UNSUPPORTED, and nothing is made',
    when: ({ network }) => network.maxPerVm !== null,
    run: async (session) => {
      const { externalId } = (await session.network({ cidr: session.stage.cidr(1) })).ref;
      const count = (session.provider.capabilities.network.maxPerVm ?? 0) + 1;
      const spec = await session.vmSpec({ networks: Array.from({ length: count }, () => ({ externalId })) });
      await expectCode(session.create(spec), 'UNSUPPORTED');
      await session.afterListingLag();
      expect(await session.provider.locateVm(spec.marker, session.context)).toBeNull();
    },
  },
  {
    name: 'a disk smaller than the image is refused',
    needs: ['largeImage'],
    run: async (session) => {
      const image = await session.provider.resolveImage(session.harness.largeImageRef ?? '', session.context);
      expect(image?.minDiskGib).toBeGreaterThan(1);
      const spec = await session.vmSpec({
        imageExternalId: image?.externalId ?? '',
        diskGib: (image?.minDiskGib ?? 2) - 1,
      });
      await expectCode(session.create(spec), 'INVALID_ARGUMENT');
    },
  },
  {
    name: 'an image that is not there is refused and leaves nothing',
    run: (session) => refusedWithoutTrace(session, { imageExternalId: ABSENT }),
  },
  {
    name: 'a network that is not there is refused and leaves nothing',
    run: (session) => refusedWithoutTrace(session, { networks: [{ externalId: ABSENT }] }),
  },
]);
