import { NETWORK_MODES, parseIpv4, parseIpv4Prefix, prefixesOverlap } from '../../../src/providers/contract';
import type { Capabilities, NetworkMode, NetworkRef } from '../../../src/providers/contract';
import { cases } from '../conformance-case';
import type { ConformanceCase } from '../conformance-case';
import { expectCode, expectRetryableRefusals } from '../error-codes';
import type { Session } from '../session';

const declared = ({ network }: Capabilities): boolean => network.modes.length > 0;

function remove(session: Session, ref: NetworkRef): Promise<null> {
  return session.settle(() => session.provider.deleteNetwork(ref, session.context));
}

function contains(cidr: string, address: string): boolean {
  const base = parseIpv4(address);
  const prefix = parseIpv4Prefix(cidr);
  return base !== null && prefix !== null && prefixesOverlap(prefix, { base, length: 32 });
}

function lifeOfMode(mode: NetworkMode): Omit<ConformanceCase, 'capability'> {
  return {
    name: `${mode}: it is made, located and deleted, each step repeated`,
    when: ({ network }) => network.modes.includes(mode),
    run: async (session) => {
      const { spec, ref, network } = await session.network({ mode, name: `<${mode}> & co` });
      expect(network).toMatchObject({ marker: spec.marker, name: `<${mode}> & co`, active: true });
      await session.afterListingLag();
      const again = await session.settle(() => session.provider.createNetwork(spec, session.context));
      expect(again.externalId).toBe(ref.externalId);
      const located = await session.provider.locateNetwork(spec.marker, session.context);
      expect(located).toMatchObject({ externalId: ref.externalId, marker: spec.marker });
      for (let time = 1; time <= 2; time += 1) {
        expect(await remove(session, ref)).toBeNull();
        expect(await session.provider.locateNetwork(spec.marker, session.context)).toBeNull();
      }
    },
  };
}

function modeUnsupported(mode: NetworkMode): Omit<ConformanceCase, 'capability'> {
  return {
    name: `${mode}: undeclared, it is UNSUPPORTED and nothing is made`,
    when: ({ network }) => !network.modes.includes(mode),
    run: async (session) => {
      const spec = session.networkSpec({ mode });
      await expectCode(session.provider.createNetwork(spec, session.context), 'UNSUPPORTED');
      await session.afterListingLag();
      expect(await session.provider.locateNetwork(spec.marker, session.context)).toBeNull();
    },
  };
}

export const networksCases = cases('networks', [
  ...NETWORK_MODES.flatMap((mode) => [lifeOfMode(mode), modeUnsupported(mode)]),
  {
    name: 'two networks may have the same name',
    when: declared,
    run: async (session) => {
      const one = await session.network({ name: 'twin', cidr: session.stage.cidr(1) });
      const other = await session.network({ name: 'twin', cidr: session.stage.cidr(2) });
      expect(other.ref.externalId).not.toBe(one.ref.externalId);
    },
  },
  {
    name: 'the creation called twice at once makes one network',
    when: (capabilities) => declared(capabilities) && capabilities.listingLagMs === 0,
    run: async (session) => {
      const spec = session.networkSpec();
      const create = () => session.settle(() => session.provider.createNetwork(spec, session.context));
      expectRetryableRefusals(await Promise.allSettled([create(), create()]));
      const { externalId } = await create();
      await remove(session, { externalId, marker: spec.marker });
      expect(await session.provider.locateNetwork(spec.marker, session.context)).toBeNull();
    },
  },
  {
    name: 'after a lost reply the repetition finds the network that was made',
    when: declared,
    needs: ['loseNextReply'],
    run: async (session) => {
      const spec = session.networkSpec();
      const create = () => session.settle(() => session.provider.createNetwork(spec, session.context));
      await session.fault('loseNextReply')('createNetwork');
      await expectCode(create(), 'UNAVAILABLE', 'DEADLINE_EXCEEDED');
      await session.afterListingLag();
      const located = await session.provider.locateNetwork(spec.marker, session.context);
      const { externalId } = await create();
      // Null where there was more to do: what is half made is no network.
      expect([externalId, undefined]).toContain(located?.externalId);
      await session.afterListingLag();
      await remove(session, { externalId, marker: spec.marker });
      expect(await session.provider.locateNetwork(spec.marker, session.context)).toBeNull();
    },
  },
  {
    name: 'a prefix in use is refused with ALREADY_EXISTS',
    when: (capabilities) => declared(capabilities) && !capabilities.network.overlappingCidrs,
    run: async (session) => {
      await session.network({ cidr: session.stage.cidr(1) });
      const spec = session.networkSpec({ cidr: session.stage.cidr(1) });
      const create = session.settle(() => session.provider.createNetwork(spec, session.context));
      await expectCode(create, 'ALREADY_EXISTS');
    },
  },
  {
    name: 'two networks may have the same prefix',
    when: (capabilities) => declared(capabilities) && capabilities.network.overlappingCidrs,
    run: async (session) => {
      const one = await session.network({ cidr: session.stage.cidr(1) });
      const other = await session.network({ cidr: session.stage.cidr(1) });
      expect(other.ref.externalId).not.toBe(one.ref.externalId);
    },
  },
  {
    name: 'a guest gets an address of the prefix, and it is told',
    when: ({ network }) => network.modes.includes('NAT') || network.modes.includes('ISOLATED'),
    needs: ['guest'],
    run: async (session) => {
      const mode = session.capabilities.network.modes.includes('NAT') ? 'NAT' : 'ISOLATED';
      const { ref, spec } = await session.network({ mode, cidr: session.stage.cidr(3) });
      const made = await session.runningVm({ networks: [{ externalId: ref.externalId }] });
      const vm = await session.eventually(
        'an address',
        () => session.provider.getVm(made.ref, session.context),
        (seen) => (seen?.nics[0]?.ipAddresses.length ?? 0) > 0,
      );
      const ipv4 = vm?.nics[0]?.ipAddresses.filter((address) => parseIpv4(address) !== null);
      expect(ipv4?.map((address) => contains(spec.cidr, address))).toEqual([true]);
    },
  },
  {
    name: 'a network with VMs on it is not deleted, until they are',
    when: declared,
    needs: ['networkUse'],
    run: async (session) => {
      const { ref, spec } = await session.network();
      const made = await session.vm({ networks: [{ externalId: ref.externalId }] });
      await expectCode(remove(session, ref), 'FAILED_PRECONDITION');
      await session.afterListingLag();
      expect(await session.provider.locateNetwork(spec.marker, session.context)).not.toBeNull();
      await session.settle(() => session.provider.deleteVm(made.ref, session.context));
      expect(await remove(session, ref)).toBeNull();
    },
  },
  {
    name: 'with an empty external id the network that carries the marker is deleted; one that never was, too',
    when: declared,
    run: async (session) => {
      const { spec } = await session.network();
      await session.afterListingLag();
      expect(await remove(session, { externalId: '', marker: spec.marker })).toBeNull();
      expect(await session.provider.locateNetwork(spec.marker, session.context)).toBeNull();
      expect(await remove(session, { externalId: '', marker: session.newMarker('network') })).toBeNull();
    },
  },
  {
    name: 'a listing shows each network of the installation once, and none of another',
    when: declared,
    run: async (session) => {
      const one = await session.network({ cidr: session.stage.cidr(1) });
      const other = await session.network({ cidr: session.stage.cidr(2) });
      await session.afterListingLag();
      const { installationId } = one.spec.marker;
      const listed = await session.provider.listNetworks(installationId, session.context);
      const ours = [one, other].map(({ ref }) => ref.externalId);
      expect(
        listed
          .map(({ externalId }) => externalId)
          .filter((id) => ours.includes(id))
          .sort(),
      ).toEqual(ours.sort());
      expect(listed.find(({ externalId }) => externalId === one.ref.externalId)).toEqual(
        await session.provider.locateNetwork(one.spec.marker, session.context),
      );
      expect(await session.provider.listNetworks('installation-of-nobody', session.context)).toEqual([]);
      await remove(session, one.ref);
      const left = await session.provider.listNetworks(installationId, session.context);
      expect(left.map(({ externalId }) => externalId)).not.toContain(one.ref.externalId);
    },
  },
]);
