import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HypervisorProvider, VmSpec } from '../../../src/providers/contract';
import { libvirtProvider } from '../../../src/providers/libvirt';
import type { LibvirtConfig } from '../../../src/providers/libvirt/config';
import { vmVolumeNames } from '../../../src/providers/libvirt/identity';
import { DyingProvider } from '../support/dying-libvirt';
import type { BeforeCall } from '../support/dying-libvirt';
import {
  callContext,
  doneOf,
  IMAGE,
  INSTALLATION,
  networkSpec,
  ProviderStage,
  refOf,
  until,
  vmSpec,
} from '../support/libvirt-provider';

jest.setTimeout(180_000);

let stage: ProviderStage;
let provider: HypervisorProvider;
let imageExternalId: string;

beforeAll(async () => {
  stage = await ProviderStage.open();
  provider = stage.provider();
  imageExternalId = (await provider.resolveImage(IMAGE, callContext()))?.externalId ?? '';
});

afterAll(async () => {
  await stage.close();
});

function config(): LibvirtConfig {
  return libvirtProvider.configSchema.parse({
    uri: stage.daemon.uri(),
    accelerator: 'tcg',
    poolPath: stage.poolPath,
  });
}

function newSpec(): VmSpec {
  return vmSpec({ imageExternalId, userData: '#cloud-config\n# whole\n' });
}

async function dying<T>(
  at: number,
  when: 'BEFORE' | 'AFTER',
  work: (mortal: HypervisorProvider) => Promise<T>,
  beforeCall?: BeforeCall,
): Promise<{ died: boolean; calls: readonly string[] }> {
  const mortal = new DyingProvider(config(), at, when, beforeCall);
  await work(mortal.provider).catch((error: unknown) => {
    if (!mortal.died) throw error;
  });
  mortal.close();
  return mortal;
}

async function ownDomains(): Promise<string[]> {
  return (await stage.client.domains.listAll()).map((domain) => domain.name);
}

/** The creation, repeated by a new process, is complete, and there is one VM. */
async function expectRecovery(spec: VmSpec): Promise<void> {
  const vm = await doneOf(provider.createVm(spec, callContext()));
  expect(vm).toMatchObject({ marker: spec.marker, diskGib: 1, powerState: 'POWERED_OFF' });
  expect(await ownDomains()).toHaveLength(1);
  const seed = await readFile(join(stage.poolPath, vmVolumeNames(spec.marker).seed));
  expect(seed.includes('# whole')).toBe(true);
  await doneOf(provider.deleteVm(refOf(spec, vm.externalId), callContext()));
  expect(await stage.leftovers()).toEqual([]);
}

describe('a process that dies', () => {
  it.each(['BEFORE', 'AFTER'] as const)(
    '%s any call of a creation is followed by one that finishes it',
    async (when) => {
      let at = 0;
      for (; ; at += 1) {
        const spec = newSpec();
        const { died, calls } = await dying(at, when, (mortal) => mortal.createVm(spec, callContext()));
        await expectRecovery(spec);
        if (died) continue;
        expect(calls).toEqual(
          expect.arrayContaining(['volumes.createXml', 'volumes.upload', 'domains.defineXml']),
        );
        break;
      }
      // Each of the calls was the last one once.
      expect(at).toBeGreaterThan(10);
    },
  );

  it('at any call of a creation leaves nothing that a deletion does not find', async () => {
    for (let at = 0, died = true; died; at += 1) {
      const spec = newSpec();
      ({ died } = await dying(at, 'AFTER', (mortal) => mortal.createVm(spec, callContext())));
      await doneOf(provider.deleteVm(refOf(spec), callContext()));
      expect(await stage.leftovers()).toEqual([]);
    }
  });

  it('at any call of a deletion is followed by one that finishes it', async () => {
    for (let at = 0, died = true; died; at += 1) {
      const spec = newSpec();
      const { externalId } = await doneOf(provider.createVm(spec, callContext()));
      ({ died } = await dying(at, 'AFTER', (mortal) =>
        mortal.deleteVm(refOf(spec, externalId), callContext()),
      ));
      await doneOf(provider.deleteVm(refOf(spec, externalId), callContext()));
      expect(await stage.leftovers()).toEqual([]);
    }
  });

  it('at any call of the making of a network is followed by one that finishes it', async () => {
    for (let at = 0, died = true; died; at += 1) {
      const spec = networkSpec();
      ({ died } = await dying(at, 'AFTER', (mortal) => mortal.createNetwork(spec, callContext())));
      const network = await doneOf(provider.createNetwork(spec, callContext()));
      expect(network.active).toBe(true);
      await dying(at, 'AFTER', (mortal) => mortal.deleteNetwork(refOf(spec), callContext()));
      await doneOf(provider.deleteNetwork(refOf(spec), callContext()));
      expect(await stage.leftovers()).toEqual([]);
    }
  });
});

describe('a daemon that is killed', () => {
  it.each(['volumes.createXml', 'volumes.upload', 'domains.defineXml'])(
    'in the middle of %s and started again has one VM in the end',
    async (name) => {
      const spec = newSpec();
      const killing: Promise<void>[] = [];
      await dying(
        Number.POSITIVE_INFINITY,
        'BEFORE',
        async (mortal) => {
          await mortal.createVm(spec, callContext()).catch(() => undefined);
        },
        (call) => {
          if (call === name && killing.length === 0) killing.push(stage.daemon.kill());
        },
      );
      expect(await Promise.all(killing)).toHaveLength(1);
      await stage.daemon.start();
      await until(
        () => provider.probe(callContext()).catch(() => null),
        (answer) => answer !== null,
      );
      await expectRecovery(spec);
    },
  );
});

describe('two gateways', () => {
  it('that make the same VM at once make one', async () => {
    const other = stage.provider();
    for (let round = 0; round < 10; round += 1) {
      const spec = newSpec();
      const made = await Promise.all(
        [provider, other].map((one) => doneOf(one.createVm(spec, callContext()))),
      );
      expect(new Set(made.map((vm) => vm.externalId)).size).toBe(1);
      const { items } = await provider.listVms(
        { installationId: INSTALLATION, pageToken: null },
        callContext(),
      );
      expect(items).toHaveLength(1);
      await expectRecovery(spec);
    }
  });

  it('that make and remove at once leave nothing once it is removed again', async () => {
    const other = stage.provider();
    for (let round = 0; round < 10; round += 1) {
      const spec = newSpec();
      await Promise.allSettled([
        provider.createVm(spec, callContext()),
        new Promise((resolve) => setTimeout(resolve, round * 4)).then(() =>
          other.deleteVm(refOf(spec), callContext()),
        ),
      ]);
      await doneOf(provider.deleteVm(refOf(spec), callContext()));
      expect(await stage.leftovers()).toEqual([]);
    }
  });
});
