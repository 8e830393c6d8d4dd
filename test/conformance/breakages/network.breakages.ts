import type { Breakage } from './broken-provider';

export const NETWORK_BREAKAGES: readonly Breakage[] = [
  {
    name: 'a network that goes although it is used',
    overrides: (sound, backend) => ({
      deleteNetwork: (ref, context) => {
        for (const vm of backend.vms()) backend.destroy(vm.externalId);
        return sound.deleteNetwork(ref, context);
      },
    }),
    caughtBy: ['a network with VMs on it is not deleted, until they are'],
  },
  {
    name: 'a network made anew each time',
    config: { idempotencyKey: false, listingLagMs: 60_000 },
    caughtBy: ['NAT: it is made, located and deleted, each step repeated'],
  },
  {
    name: 'a second network of the same prefix, refused although declared',
    config: { capabilities: { overlappingCidrs: false } },
    overrides: (sound) => ({
      capabilities: {
        ...sound.capabilities,
        network: { ...sound.capabilities.network, overlappingCidrs: true },
      },
    }),
    caughtBy: ['two networks may have the same prefix'],
  },
  {
    name: 'a listing of the last network alone',
    overrides: (sound) => ({
      listNetworks: async (installationId, context) =>
        (await sound.listNetworks(installationId, context)).slice(-1),
    }),
    caughtBy: ['a listing shows each network of the installation once, and none of another'],
  },
  {
    name: 'a listing of everybody’s networks',
    overrides: (_sound, backend) => ({
      listNetworks: () => Promise.resolve(backend.networks()),
    }),
    caughtBy: ['a listing shows each network of the installation once, and none of another'],
  },
  {
    name: 'addresses of another prefix',
    overrides: (sound) => ({
      getVm: async (ref, context) => {
        const vm = await sound.getVm(ref, context);
        return vm && { ...vm, nics: vm.nics.map((nic) => ({ ...nic, ipAddresses: ['192.0.2.9'] })) };
      },
    }),
    caughtBy: ['a guest gets an address of the prefix, and it is told'],
  },
  {
    name: 'a feed that does not say where it begins',
    overrides: (sound) => ({
      watch: (listener, signal) =>
        sound.watch((event) => {
          if (event.type !== 'RESYNC') listener(event);
        }, signal),
    }),
    caughtBy: [
      'the feed begins with RESYNC and ends when it is told to',
      'after an outage it resynchronises by itself',
    ],
  },
  {
    name: 'a feed that forgets deletions',
    overrides: (sound) => ({
      watch: (listener, signal) =>
        sound.watch((event) => {
          if (event.type !== 'VM_GONE') listener(event);
        }, signal),
    }),
    caughtBy: ['it tells of starts, stops and deletions, with the marker'],
  },
  {
    name: 'a feed that says nothing of what others do',
    overrides: (sound) => ({
      watch: async (listener, signal) => {
        listener({ type: 'RESYNC' });
        await sound.watch(() => undefined, signal);
      },
    }),
    caughtBy: [
      'it tells of what happens behind our back',
      'it tells of a new name',
      'two may watch at once, and each hears all',
    ],
  },
];
