import { execFile } from 'node:child_process';
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { HypervisorProvider } from '../../../src/providers/contract';
import { backendName, backendUuid, vmVolumeNames } from '../../../src/providers/libvirt/identity';
import {
  callContext,
  codeOf,
  doneOf,
  IMAGE,
  INSTALLATION,
  networkSpec,
  newMarker,
  ProviderStage,
  refOf,
  vmSpec,
} from '../support/libvirt-provider';
import { guestImage } from '../support/libvirtd';

const run = promisify(execFile);

jest.setTimeout(180_000);

let stage: ProviderStage;
let provider: HypervisorProvider;
let imageExternalId: string;
let elsewhere: string;

beforeAll(async () => {
  stage = await ProviderStage.open();
  provider = stage.provider();
  imageExternalId = (await provider.resolveImage(IMAGE, callContext()))?.externalId ?? '';
  elsewhere = join(stage.daemon.directory, 'elsewhere');
  await mkdir(elsewhere);
  await copyFile(await guestImage(), join(elsewhere, 'base.qcow2'));
});

afterAll(async () => {
  await stage.close();
});

afterEach(async () => {
  expect(await stage.leftovers()).toEqual([]);
});

describe('probe', () => {
  it('tells versions and sizes', async () => {
    const { version, capacity } = await provider.probe(callContext());
    expect(version).toMatch(/^QEMU \d+\.\d+\.\d+ on libvirt \d+\.\d+\.\d+$/);
    expect(capacity.memoryMib).toBeGreaterThan(100);
    expect(capacity.freeMemoryMib).toBeLessThanOrEqual(capacity.memoryMib ?? 0);
    expect(capacity.storageGib).toBeGreaterThan(0);
  });
});

describe('images', () => {
  const resolve = (ref: string) => provider.resolveImage(ref, callContext());
  const qemuImg = (...args: readonly string[]) => run('qemu-img', [...args], { cwd: elsewhere });

  it('are found by name or path, also outside of every pool, and leave no pool behind', async () => {
    expect(await resolve(IMAGE)).toEqual({
      externalId: join(stage.poolPath, IMAGE),
      name: IMAGE,
      minDiskGib: 1,
    });
    expect(await resolve(join(stage.poolPath, IMAGE))).toMatchObject({ name: IMAGE });
    const path = join(elsewhere, 'base.qcow2');
    expect(await Promise.all([resolve(path), resolve(path)])).toEqual(
      [0, 1].map(() => ({ externalId: path, name: 'base.qcow2', minDiskGib: 1 })),
    );
    for (const missing of [
      'none.qcow2',
      join(elsewhere, 'none.qcow2'),
      '/no/such/directory/x',
      `${elsewhere}/../elsewhere/base.qcow2`,
    ]) {
      expect(await resolve(missing)).toBeNull();
    }
  });

  it('outside of the pool make VMs, whose guests see them whole', async () => {
    const spec = vmSpec({ imageExternalId: join(elsewhere, 'base.qcow2') });
    const vm = await doneOf(provider.createVm(spec, callContext()));
    const { stdout } = await run('qemu-img', [
      'check',
      join(stage.poolPath, vmVolumeNames(spec.marker).disk),
    ]);
    expect(stdout).toContain('No errors');
    await doneOf(provider.deleteVm(refOf(spec, vm.externalId), callContext()));
  });

  it('may be raw', async () => {
    await qemuImg('create', '-f', 'raw', 'flat.img', '3G');
    expect(await resolve(join(elsewhere, 'flat.img'))).toMatchObject({ minDiskGib: 3 });
    const spec = vmSpec({ imageExternalId: join(elsewhere, 'flat.img'), diskGib: 2 });
    expect(await codeOf(provider.createVm(spec, callContext()))).toBe('INVALID_ARGUMENT');
    await doneOf(provider.deleteVm(refOf(spec), callContext()));
  });

  it('that borrow from another file are refused: they would show a tenant any file of the host', async () => {
    await qemuImg('create', '-f', 'qcow2', '-b', '/etc/passwd', '-F', 'raw', 'backed.qcow2', '1G');
    await qemuImg('create', '-f', 'qcow2', '-o', 'data_file=data.raw,data_file_raw=on', 'split.qcow2', '1M');
    await qemuImg('create', '-f', 'vmdk', 'other.vmdk', '1M');
    for (const name of ['backed.qcow2', 'split.qcow2', 'other.vmdk']) {
      expect(await codeOf(resolve(join(elsewhere, name)))).toBe('FAILED_PRECONDITION');
      const spec = vmSpec({ imageExternalId: join(elsewhere, name) });
      expect(await codeOf(provider.createVm(spec, callContext()))).toBe('FAILED_PRECONDITION');
    }
  });

  it('that changed their nature after they were resolved are refused', async () => {
    const path = join(stage.poolPath, 'turncoat.qcow2');
    await stage.addEmptyImage('turncoat.qcow2', 1);
    expect(await resolve('turncoat.qcow2')).toMatchObject({ minDiskGib: 1 });
    await run('qemu-img', ['create', '-f', 'qcow2', '-b', '/etc/passwd', '-F', 'raw', path, '1G']);
    expect(await codeOf(provider.createVm(vmSpec({ imageExternalId: path }), callContext()))).toBe(
      'FAILED_PRECONDITION',
    );
  });
});

describe('what is not ours', () => {
  it('is never touched, not even under our name and UUID', async () => {
    const marker = newMarker('vm');
    const xml = `<domain type='qemu'><name>${backendName(marker)}</name><uuid>${backendUuid(marker)}</uuid>
      <memory unit='MiB'>64</memory><vcpu>1</vcpu><os><type arch='x86_64' machine='q35'>hvm</type></os></domain>`;
    const foreign = await stage.client.domains.defineXml(xml);
    await writeFile(join(stage.poolPath, vmVolumeNames(marker).disk), 'precious');
    const ref = refOf({ marker }, foreign.uuid);
    for (const call of [
      provider.startVm(ref, callContext()),
      provider.stopVm(ref, 'FORCED', callContext()),
      provider.resizeVm(ref, { cpuCount: 2 }, callContext()),
      provider.deleteVm(ref, callContext()),
      provider.deleteVm(refOf({ marker }), callContext()),
      provider.deleteVm(refOf({ marker: newMarker('vm') }, foreign.uuid), callContext()),
    ]) {
      expect(await codeOf(call)).toBe('NOT_FOUND');
    }
    expect(await codeOf(provider.createVm(vmSpec({ marker, imageExternalId }), callContext()))).toBe(
      'ALREADY_EXISTS',
    );
    expect(await provider.getVm(ref, callContext())).toBeNull();
    expect(
      (await provider.listVms({ installationId: INSTALLATION, pageToken: null }, callContext())).items,
    ).toEqual([]);
    expect(await stage.client.domains.getState(foreign)).toMatchObject({ state: 5 });
    expect(await readdir(stage.poolPath)).toContain(vmVolumeNames(marker).disk);
    await stage.client.domains.undefine(foreign);
    await doneOf(provider.deleteVm(refOf({ marker }), callContext()));
  });

  it("keeps its range: a network that overlaps with anybody's is refused", async () => {
    const xml = `<network><name>somebody</name><bridge name='vbr77'/><ip address='10.93.0.1' netmask='255.255.0.0'/></network>`;
    const foreign = await stage.client.networks.defineXml(xml);
    expect(await codeOf(provider.createNetwork(networkSpec({ cidr: '10.93.7.0/24' }), callContext()))).toBe(
      'ALREADY_EXISTS',
    );
    await stage.client.networks.undefine(foreign);
  });
});

describe('many VMs', () => {
  it('are listed page by page, each once, and go away with all their files', async () => {
    const specs = Array.from({ length: 210 }, () => vmSpec({ imageExternalId }));
    for (let index = 0; index < specs.length; index += 10) {
      await Promise.all(specs.slice(index, index + 10).map((spec) => provider.createVm(spec, callContext())));
    }
    const first = await provider.listVms({ installationId: INSTALLATION, pageToken: null }, callContext());
    expect(first.items).toHaveLength(200);
    const second = await provider.listVms(
      { installationId: INSTALLATION, pageToken: first.nextPageToken },
      callContext(),
    );
    expect(second).toMatchObject({ items: { length: 10 }, nextPageToken: null });
    const listed = [...first.items, ...second.items].map((vm) => vm.marker?.objectId);
    expect(new Set(listed)).toEqual(new Set(specs.map((spec) => spec.marker.objectId)));
    expect(
      await codeOf(provider.listVms({ installationId: INSTALLATION, pageToken: 'x' }, callContext())),
    ).toBe('INVALID_ARGUMENT');
    const files = await readdir(stage.poolPath);
    expect(files.filter((file) => file.startsWith('hg-'))).toHaveLength(3 * specs.length);
    for (let index = 0; index < specs.length; index += 10) {
      await Promise.all(
        specs.slice(index, index + 10).map((spec) => provider.deleteVm(refOf(spec), callContext())),
      );
    }
  });
});

describe('the files of a VM', () => {
  it("go with it, also the ones that a log daemon cut off, and nobody else's", async () => {
    const [spec, neighbour] = [vmSpec({ imageExternalId }), vmSpec({ imageExternalId })];
    await doneOf(provider.createVm(spec, callContext()));
    await doneOf(provider.createVm(neighbour, callContext()));
    await writeFile(join(stage.poolPath, `${vmVolumeNames(spec.marker).console}.0`), 'older');
    await doneOf(provider.deleteVm(refOf(spec), callContext()));
    expect(
      (await readdir(stage.poolPath)).filter((file) => file.startsWith(vmVolumeNames(spec.marker).prefix)),
    ).toEqual([]);
    expect(
      await provider.getVm(refOf(neighbour, backendUuid(neighbour.marker)), callContext()),
    ).toMatchObject({ diskGib: 1 });
    await doneOf(provider.deleteVm(refOf(neighbour), callContext()));
  });

  it('hold secrets: they are readable by nobody else', async () => {
    const spec = vmSpec({ imageExternalId, userData: 'secret' });
    await doneOf(provider.createVm(spec, callContext()));
    const { stdout } = await run('sh', [
      '-c',
      `stat -c %a ${join(stage.poolPath, vmVolumeNames(spec.marker).prefix)}*`,
    ]);
    expect(stdout.trim().split('\n')).toEqual(['600', '600', '600']);
    await doneOf(provider.deleteVm(refOf(spec), callContext()));
  });

  it('carry a seed that an independent reader understands', async () => {
    const spec = vmSpec({ imageExternalId, userData: '#!/bin/sh\necho hi\n', sshKeys: ['ssh-ed25519 AAAA'] });
    await doneOf(provider.createVm(spec, callContext()));
    const seed = join(stage.poolPath, vmVolumeNames(spec.marker).seed);
    expect((await run('blkid', ['-o', 'export', seed])).stdout).toContain('LABEL=cidata');
    expect((await run('isoinfo', ['-R', '-x', '/user-data', '-i', seed])).stdout).toBe(spec.userData);
    const metadata = JSON.parse(
      (await run('isoinfo', ['-J', '-x', '/meta-data', '-i', seed])).stdout,
    ) as object;
    expect(metadata).toEqual({
      'instance-id': spec.marker.objectId,
      'local-hostname': 'web-1',
      'public-keys': ['ssh-ed25519 AAAA'],
    });
    await doneOf(provider.deleteVm(refOf(spec), callContext()));
  });
});

describe('limits', () => {
  it('more processors than the machine can have are refused, and leave nothing', async () => {
    const spec = vmSpec({ imageExternalId, cpuCount: 300 });
    expect(await codeOf(provider.createVm(spec, callContext()))).toBe('INVALID_ARGUMENT');
  });

  it('a guest that does not comply in time is told of', async () => {
    const impatient = stage.provider({ gracefulStopTimeoutMs: 1_000 });
    const spec = vmSpec({ imageExternalId });
    const { externalId } = await doneOf(impatient.createVm(spec, callContext()));
    const ref = refOf(spec, externalId);
    await doneOf(impatient.startVm(ref, callContext()));
    // It has not even loaded its kernel.
    expect(await codeOf(impatient.stopVm(ref, 'GRACEFUL', callContext()))).toBe('DEADLINE_EXCEEDED');
    expect(await codeOf(impatient.stopVm(ref, 'GRACEFUL', callContext(AbortSignal.timeout(300))))).toBe(
      'CANCELLED',
    );
    await doneOf(impatient.deleteVm(ref, callContext()));
  });

  it('hardware acceleration is used where the host offers it, unless told otherwise', async () => {
    const offered = /<domain type='kvm'/.test(await stage.client.host.getCapabilities());
    for (const accelerator of ['auto', 'kvm', 'tcg']) {
      const spec = vmSpec({ imageExternalId });
      const creation = stage.provider({ accelerator }).createVm(spec, callContext());
      if (accelerator === 'kvm' && !offered) {
        expect(await codeOf(creation)).toBe('FAILED_PRECONDITION');
        continue;
      }
      const { externalId } = await doneOf(creation);
      const xml = await stage.client.domains.getXmlDesc(await stage.client.domains.lookupByUuid(externalId));
      expect(/^<domain type='(\w+)'/.exec(xml)?.[1]).toBe(offered && accelerator !== 'tcg' ? 'kvm' : 'qemu');
      await doneOf(provider.deleteVm(refOf(spec), callContext()));
    }
  });
});
