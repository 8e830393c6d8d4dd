import { newId } from '../../../src/kernel';
import type { HypervisorProvider, Marker, Outcome, VmRef } from '../../../src/providers/contract';
import { networkInventoryName } from '../../../src/providers/vsphere/identity';
import { contextOf } from '../../conformance/recording-context';
import type { TroubledVcenter } from './trouble';

/** A mutation in a state in which it has something to do. */
export interface Attempt {
  readonly run: (provider: HypervisorProvider) => Promise<Outcome<unknown>>;
  /** The target has been reached, once. */
  readonly verify: () => Promise<void>;
  /** Takes it back, undisturbed. */
  readonly clean: () => Promise<void>;
}

export interface Mutation {
  readonly name: string;
  /** Keys of the backend's configuration. */
  readonly config?: object;
  /** Makes what all attempts share; what is answered prepares one attempt. */
  readonly prepare: (world: TroubledVcenter) => Promise<() => Promise<Attempt>>;
}

type VmCall = (provider: HypervisorProvider, ref: VmRef) => Promise<Outcome<unknown>>;

const START: VmCall = (provider, ref) => provider.startVm(ref, contextOf());
const SUSPEND: VmCall = (provider, ref) => provider.suspendVm(ref, contextOf());

/** Every mutation of the contract, with the ways that differ on the wire. */
export const MUTATIONS: readonly Mutation[] = [
  { name: 'createVm', prepare: creation },
  onVm('startVm', [], START, { powerState: 'POWERED_ON' }),
  onVm('stopVm by force', [START], (provider, ref) => provider.stopVm(ref, 'FORCED', contextOf()), {
    powerState: 'POWERED_OFF',
  }),
  onVm('stopVm', [START], (provider, ref) => provider.stopVm(ref, 'GRACEFUL', contextOf()), {
    powerState: 'POWERED_OFF',
  }),
  onVm('rebootVm by force', [START], (provider, ref) => provider.rebootVm(ref, 'FORCED', contextOf()), {
    powerState: 'POWERED_ON',
  }),
  onVm('rebootVm', [START], (provider, ref) => provider.rebootVm(ref, 'GRACEFUL', contextOf()), {
    powerState: 'POWERED_ON',
  }),
  onVm('suspendVm', [START], SUSPEND, { powerState: 'SUSPENDED' }),
  onVm('resumeVm', [START, SUSPEND], (provider, ref) => provider.resumeVm(ref, contextOf()), {
    powerState: 'POWERED_ON',
  }),
  { name: 'resizeVm', prepare: growth },
  deletion('deleteVm', []),
  deletion('deleteVm, which runs', [START]),
  { name: 'createNetwork', prepare: networkCreation },
  { name: 'deleteNetwork', prepare: networkDeletion },
  {
    name: 'createNetwork on standard switches',
    config: { networkSwitch: 'standard' },
    prepare: networkCreation,
  },
  {
    name: 'deleteNetwork on standard switches',
    config: { networkSwitch: 'standard' },
    prepare: networkDeletion,
  },
];

async function creation(world: TroubledVcenter): Promise<() => Promise<Attempt>> {
  const network = await world.network();
  return async () => {
    const { externalId } = network;
    // A tenant of its own, whose folder and pool have to be made as well.
    const marker = { ...world.marker('vm'), tenantId: newId('tenant') };
    const spec = world.vmSpec({ marker, networks: [{ externalId }], diskGib: 2, userData: '#cloud-config' });
    return {
      run: (provider) => provider.createVm(spec, contextOf()),
      verify: async () => {
        const { cpuCount, memoryMib, diskGib, name } = spec;
        await expectOne(world, marker, { cpuCount, memoryMib, diskGib, name });
        expect(await world.placesOf(marker.tenantId)).toEqual(['Folder', 'ResourcePool']);
      },
      clean: async () => {
        await world.settle((provider) => provider.deleteVm({ externalId: '', marker }, contextOf()));
      },
    };
  };
}

function onVm(name: string, before: readonly VmCall[], call: VmCall, target: object): Mutation {
  const prepare = async (world: TroubledVcenter): Promise<() => Promise<Attempt>> => {
    const ref = await world.vm();
    return async () => {
      for (const step of before) await world.settle((provider) => step(provider, ref));
      return {
        run: (provider) => call(provider, ref),
        verify: () => expectOne(world, ref.marker, target),
        clean: async () => {
          await world.settle((provider) => provider.stopVm(ref, 'FORCED', contextOf()));
        },
      };
    };
  };
  return { name, prepare };
}

/** Sizes only grow, so that each attempt wants more than the one before it. */
async function growth(world: TroubledVcenter): Promise<() => Promise<Attempt>> {
  const ref = await world.vm();
  let step = 1;
  return async () => {
    step += 1;
    const size = { cpuCount: step, memoryMib: 128 * step, diskGib: step };
    return {
      run: (provider) => provider.resizeVm(ref, size, contextOf()),
      verify: () => expectOne(world, ref.marker, size),
      clean: async () => undefined,
    };
  };
}

function deletion(name: string, before: readonly VmCall[]): Mutation {
  const prepare = async (world: TroubledVcenter) => async (): Promise<Attempt> => {
    const ref = await world.vm();
    for (const step of before) await world.settle((provider) => step(provider, ref));
    return {
      run: (provider) => provider.deleteVm(ref, contextOf()),
      verify: async () => {
        expect(await world.calm.getVm(ref, contextOf())).toBeNull();
      },
      clean: async () => undefined,
    };
  };
  return { name, prepare };
}

async function networkCreation(world: TroubledVcenter): Promise<() => Promise<Attempt>> {
  return async () => {
    const spec = world.networkSpec();
    const ref = { externalId: '', marker: spec.marker };
    return {
      run: (provider) => provider.createNetwork(spec, contextOf()),
      verify: async () => {
        expect(await world.calm.locateNetwork(spec.marker, contextOf())).toMatchObject({ name: spec.name });
        expectOneSegment(await world.inventory(), spec.marker);
      },
      clean: async () => {
        await world.settle((provider) => provider.deleteNetwork(ref, contextOf()));
      },
    };
  };
}

async function networkDeletion(world: TroubledVcenter): Promise<() => Promise<Attempt>> {
  return async () => {
    const ref = await world.network();
    return {
      run: (provider) => provider.deleteNetwork(ref, contextOf()),
      verify: async () => {
        expect(await world.calm.locateNetwork(ref.marker, contextOf())).toBeNull();
      },
      clean: async () => undefined,
    };
  };
}

async function expectOne(world: TroubledVcenter, marker: Marker, target: object): Promise<void> {
  const query = { installationId: world.installationId, pageToken: null };
  expect((await world.calm.listVms(query, contextOf())).items).toMatchObject([{ marker, ...target }]);
}

/** Where each host has a port group of its own, all have to carry the same VLAN. */
export function expectOneSegment(inventory: readonly string[], marker: Marker): void {
  const own = inventory.filter((line) => line.includes(` ${networkInventoryName(marker)}`));
  const vlans = new Set(own.flatMap((line) => / VLAN (\d+)$/.exec(line)?.[1] ?? []));
  expect(own.filter((line) => !line.includes(' VLAN '))).toHaveLength(1);
  expect(vlans.size).toBeLessThanOrEqual(1);
}
