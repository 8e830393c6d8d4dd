import { newId, silentLogger } from '../../../src/kernel';
import type { HypervisorProvider, VmObservation, VmSpec } from '../../../src/providers/contract';
import { createProvider } from '../../../src/providers/registry';
import { VimClient } from '../../../src/providers/vsphere/client';
import type { MoRef } from '../../../src/providers/vsphere/client';
import { contextOf } from '../../conformance/recording-context';
import { settle } from '../../conformance/settle';
import { startSimulator } from './simulator';
import type { SimulatedServer } from './simulator';
import { VsphereIntruder } from './intruder';
import { RequestGate } from '../../../src/providers/contract';

const TEMPLATES = [
  { name: 'plain', diskGib: 2 },
  { name: 'with-snapshot', diskGib: 2, snapshot: true },
];
const context = contextOf();
const installationId = newId('tenant');

let server: SimulatedServer;
let client: VimClient;
const open: HypervisorProvider[] = [];

beforeAll(async () => {
  server = await startSimulator({ templates: TEMPLATES, hostMemoryMib: 4096, clusters: 2 });
  const { url, username, password } = server;
  client = new VimClient({ url, username, password, callTimeoutMs: 10_000 });
});

afterAll(async () => {
  for (const provider of open) await provider.close();
  await client.close();
  await server.stop();
});

function connect(config: object = {}): HypervisorProvider {
  const { url, username, password } = server;
  const environment = { backendName: 'dc', logger: silentLogger, requests: new RequestGate() };
  const provider = createProvider('vsphere', { url, username, password, ...config }, environment);
  open.push(provider);
  return provider;
}

async function specOf(provider: HypervisorProvider, imageRef: string, changes: Partial<VmSpec> = {}) {
  const image = await provider.resolveImage(imageRef, context);
  const marker = {
    installationId,
    tenantId: newId('tenant'),
    objectId: newId('vm'),
    operationId: newId('task'),
  };
  const size = { cpuCount: 1, memoryMib: 128, diskGib: 2 };
  const guest = { hostname: 'web', userData: '#cloud-config\n{}\n', sshKeys: [], labels: {}, networks: [] };
  return { marker, name: 'web', imageExternalId: image?.externalId ?? '', ...size, ...guest, ...changes };
}

async function make(provider: HypervisorProvider, spec: VmSpec): Promise<VmObservation> {
  return settle(provider, context, 10_000, () => provider.createVm(spec, context));
}

const vmRef = (value: string): MoRef<'VirtualMachine'> => ({ type: 'VirtualMachine', value });

async function nameOf(ref: MoRef | undefined): Promise<string | undefined> {
  const read = await client.read(ref as MoRef<'Folder'>, ['name', 'parent']);
  return read?.name;
}

async function pathOf(ref: MoRef | undefined): Promise<string> {
  const read = ref && (await client.read(ref as MoRef<'Folder'>, ['name', 'parent']));
  return read ? `${await pathOf(read.parent)}/${read.name}` : '';
}

async function diskOf(vm: string) {
  const read = await client.read(vmRef(vm), ['config.hardware.device']);
  const disk = read?.['config.hardware.device']?.find(({ $type }) => $type === 'VirtualDisk');
  return disk?.backing?.$type === 'VirtualDiskFlatVer2BackingInfo' ? disk.backing : undefined;
}

describe('a VM in the inventory', () => {
  it('lies in its tenant’s folder and pool, with its record and the guest’s data', async () => {
    const provider = connect();
    const spec = await specOf(provider, 'plain', { name: '50% a/b' });
    const { externalId } = await make(provider, spec);
    const vm = await client.read(vmRef(externalId), ['name', 'parent', 'resourcePool', 'config.extraConfig']);
    const { tenantId } = spec.marker;
    expect(vm?.name).toMatch(/^50%25 a%2fb-[0-9a-f]{8}$/);
    expect(await pathOf(vm?.parent)).toMatch(new RegExp(`/vm/Hypergate/${tenantId}$`));
    expect(await pathOf(vm?.resourcePool)).toMatch(new RegExp(`/Resources/Hypergate/${tenantId}$`));
    const extra = new Map(vm?.['config.extraConfig']?.map(({ key, value }) => [key, value]));
    expect(JSON.parse(String(extra.get('hypergate.marker')))).toMatchObject({
      tenant: tenantId,
      complete: true,
    });
    expect(Buffer.from(String(extra.get('guestinfo.userdata')), 'base64').toString()).toBe(spec.userData);
  });

  it('is not its copy: what an administrator clones from it is nobody’s', async () => {
    const provider = connect();
    const spec = await specOf(provider, 'plain');
    const { externalId } = await make(provider, spec);
    const vm = await client.read(vmRef(externalId), ['parent', 'resourcePool']);
    const { parent: folder, resourcePool: pool } = vm ?? {};
    const params = { location: { pool: pool as MoRef<'ResourcePool'> }, template: false, powerOn: false };
    const intruder = new VsphereIntruder(client);
    const copy = await intruder.clone(vmRef(externalId), folder as MoRef<'Folder'>, 'copy', params);
    const shown = async (): Promise<string[]> => {
      const page = await provider.listVms({ installationId, pageToken: null }, context);
      return page.items.map((one) => one.externalId);
    };
    expect(await shown()).toContain(externalId);
    expect(await shown()).not.toContain(copy);
    expect(await provider.getVm({ externalId: copy, marker: spec.marker }, context)).toBeNull();
    await settle(provider, context, 10_000, () =>
      provider.deleteVm({ externalId: '', marker: spec.marker }, context),
    );
    expect(await nameOf(vmRef(copy))).toBe('copy');
    await intruder.destroy(copy);
  });
});

describe('a template with a snapshot', () => {
  it('gives linked clones, which are made whole before they grow', async () => {
    const provider = connect();
    const spec = await specOf(provider, 'with-snapshot');
    const { externalId } = await make(provider, spec);
    expect((await diskOf(externalId))?.parent).toBeDefined();
    const ref = { externalId, marker: spec.marker };
    const grown = await settle(provider, context, 10_000, () =>
      provider.resizeVm(ref, { diskGib: 3 }, context),
    );
    expect(grown.diskGib).toBe(3);
    expect((await diskOf(externalId))?.parent).toBeUndefined();
  });

  it('gives whole clones where the disk is to be larger', async () => {
    const provider = connect();
    const { externalId, diskGib } = await make(
      provider,
      await specOf(provider, 'with-snapshot', { diskGib: 4 }),
    );
    expect(diskGib).toBe(4);
    expect((await diskOf(externalId))?.parent).toBeUndefined();
  });
});

describe('where VMs are made', () => {
  it('is the configured cluster and datastore', async () => {
    const provider = connect({ cluster: 'DC0_C1', datastore: 'datastore1', folder: 'Elsewhere' });
    const { externalId } = await make(provider, await specOf(provider, 'plain'));
    const vm = await client.read(vmRef(externalId), ['resourcePool', 'datastore', 'parent']);
    expect(await pathOf(vm?.resourcePool)).toContain('/DC0_C1/Resources/Elsewhere/');
    expect(await nameOf(vm?.datastore?.[0])).toBe('datastore1');
  });

  it.each([{ cluster: 'none' }, { datacenter: 'none' }, { datastore: 'none' }])(
    'is refused where %j is not there',
    async (config) => {
      const provider = connect(config);
      const spec = await specOf(provider, 'plain');
      await expect(make(provider, spec)).rejects.toMatchObject({ code: 'FAILED_PRECONDITION' });
    },
  );

  it('is refused where there is no room', async () => {
    const provider = connect();
    const vast = await specOf(provider, 'plain', { diskGib: 1024 * 1024 });
    await expect(make(provider, vast)).rejects.toMatchObject({ code: 'RESOURCE_EXHAUSTED' });
    const spec = await specOf(provider, 'plain', { memoryMib: 64 * 1024 });
    const ref = { externalId: (await make(provider, spec)).externalId, marker: spec.marker };
    const start = settle(provider, context, 10_000, () => provider.startVm(ref, context));
    await expect(start).rejects.toMatchObject({ code: 'RESOURCE_EXHAUSTED' });
  });
});

describe('networks', () => {
  const network = (index: number) => {
    const marker = {
      installationId,
      tenantId: 'ten_1',
      objectId: `net_${index}`,
      operationId: newId('task'),
    };
    return { marker, name: `net-${index}`, mode: 'ISOLATED', cidr: '10.9.0.0/24' } as const;
  };

  it.each(['distributed', 'standard'])(
    'have a VLAN of their own, as long as there are some (%s)',
    async (kind) => {
      const provider = connect({ networkSwitch: kind, vlans: { from: 3001, to: 3003 } });
      const specs = [1, 2, 3].map(network);
      const made = await Promise.all(
        specs.map((spec) => settle(provider, context, 10_000, () => provider.createNetwork(spec, context))),
      );
      expect(new Set(made.map(({ externalId }) => externalId)).size).toBe(3);
      await expect(provider.createNetwork(network(4), context)).rejects.toMatchObject({
        code: 'RESOURCE_EXHAUSTED',
      });
      expect(await provider.locateNetwork(network(4).marker, context)).toBeNull();
      for (const { marker } of specs) await provider.deleteNetwork({ externalId: '', marker }, context);
      await settle(provider, context, 10_000, () => provider.createNetwork(network(4), context));
      await provider.deleteNetwork({ externalId: '', marker: network(4).marker }, context);
    },
  );
});
