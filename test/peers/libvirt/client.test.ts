import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  DomainLifecycleEvent,
  DomainRef,
  NetworkLifecycleEvent,
} from '../../../src/providers/libvirt/client';
import {
  ADDRESS_SOURCE,
  DOMAIN_AFFECT,
  DOMAIN_CREATE,
  DOMAIN_EVENT,
  DOMAIN_LIST,
  DOMAIN_MEM_MAXIMUM,
  DOMAIN_STATE,
  DOMAIN_STATS,
  DOMAIN_UNDEFINE,
  DOMAIN_VCPU_MAXIMUM,
  DOMAIN_XML,
  isNoSuchObject,
  LIBVIRT_ERROR,
  LibvirtClient,
  LibvirtConnectionError,
  LibvirtError,
  NETWORK_EVENT,
  NETWORK_LIST,
} from '../../../src/providers/libvirt/client';
import { guestDomainXml } from '../support/guest-domain';
import { codeOf } from '../../support/libvirt/code-of';
import { until as untilSoon } from '../../support/until';
import { guestImage, PrivateLibvirtd } from '../support/libvirtd';

jest.setTimeout(120_000);

const MIB = 1_048_576;
const METADATA_URI = 'urn:test:metadata';

let daemon: PrivateLibvirtd;
let client: LibvirtClient;

beforeAll(async () => {
  daemon = await PrivateLibvirtd.start();
  client = new LibvirtClient({ uri: daemon.uri() });
});

afterAll(async () => {
  client.close();
  await daemon.stop();
});

/** Guests are emulated, and take their time. */
function until<T>(ask: () => Promise<T> | T, wanted: (value: T) => boolean, timeoutMs = 60_000): Promise<T> {
  return untilSoon(ask, wanted, timeoutMs);
}

async function ownDisk(name: string): Promise<string> {
  const disk = join(daemon.imagesDirectory, `${name}.qcow2`);
  await copyFile(await guestImage(), disk);
  return disk;
}

describe('host', () => {
  it('tells what it is', async () => {
    expect(await client.waitUntilReady(10_000)).toMatchObject({ number: expect.any(Number) as number });
    expect(client.version?.text).toMatch(/^\d+\.\d+\.\d+$/);
    expect(await client.host.getType()).toBe('QEMU');
    expect((await client.host.getVersion()).number).toBeGreaterThan(1_000_000);
    expect(await client.host.getHostname()).not.toBe('');
    expect(await client.host.getCapabilities()).toContain('<capabilities>');
    const node = await client.host.nodeGetInfo();
    expect(node.model).toBe('x86_64');
    expect(node.cpus).toBeGreaterThan(0);
    expect(await client.host.nodeGetFreeMemory()).toBeLessThan(node.memoryKib * 1024);
  });

  it('serves the test driver through the same socket', async () => {
    const test = new LibvirtClient({ uri: daemon.uri('test:///default') });
    try {
      const [domain, ...others] = await test.domains.listAll();
      expect(others).toEqual([]);
      expect(domain?.name).toBe('test');
      expect(await test.domains.lookupByUuid(domain!.uuid)).toEqual(domain);
      expect(await test.domains.getState(domain!)).toMatchObject({ state: DOMAIN_STATE.RUNNING });
    } finally {
      test.close();
    }
  });

  it('refuses changes of a read-only client', async () => {
    const reader = new LibvirtClient({ uri: daemon.uri(), readOnly: true });
    try {
      expect(await reader.domains.listAll()).toEqual([]);
      expect(await codeOf(reader.networks.defineXml('<network><name>no</name></network>'))).toBe(
        LIBVIRT_ERROR.OPERATION_DENIED,
      );
    } finally {
      reader.close();
    }
  });
});

describe('errors', () => {
  const nowhere = '00000000-0000-4000-8000-000000000000';

  it.each<[string, number, () => Promise<unknown>]>([
    ['domain by UUID', LIBVIRT_ERROR.NO_DOMAIN, () => client.domains.lookupByUuid(nowhere)],
    ['domain by name', LIBVIRT_ERROR.NO_DOMAIN, () => client.domains.lookupByName('none')],
    ['network by UUID', LIBVIRT_ERROR.NO_NETWORK, () => client.networks.lookupByUuid(nowhere)],
    ['network by name', LIBVIRT_ERROR.NO_NETWORK, () => client.networks.lookupByName('none')],
    ['pool', LIBVIRT_ERROR.NO_STORAGE_POOL, () => client.pools.lookupByName('none')],
    ['volume by path', LIBVIRT_ERROR.NO_STORAGE_VOL, () => client.volumes.lookupByPath('/none')],
    ['volume by key', LIBVIRT_ERROR.NO_STORAGE_VOL, () => client.volumes.lookupByKey('/none')],
  ])('says that there is no such %s', async (_, code, call) => {
    const error: unknown = await call().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(LibvirtError);
    expect(error).toMatchObject({ code, level: 2, retriable: false });
    expect(isNoSuchObject(error)).toBe(true);
  });

  it('says that XML is not well-formed, or wrong', async () => {
    expect(await codeOf(client.domains.defineXml('<domain'))).toBe(LIBVIRT_ERROR.XML_DETAIL);
    expect(await codeOf(client.domains.defineXml("<domain type='qemu'/>"))).toBe(LIBVIRT_ERROR.NO_NAME);
  });
});

describe('networks', () => {
  it('follows one from its definition to its end', async () => {
    const seen: NetworkLifecycleEvent[] = [];
    const subscription = await client.events.onNetworkLifecycle((event) => seen.push(event));
    const network = await client.networks.defineXml(
      "<network><name>lab</name><bridge name='lab0'/><ip address='192.0.2.1' netmask='255.255.255.0'>" +
        "<dhcp><range start='192.0.2.10' end='192.0.2.99'/></dhcp></ip></network>",
    );
    expect(await client.networks.lookupByName('lab')).toEqual(network);
    expect(await client.networks.lookupByUuid(network.uuid)).toEqual(network);
    expect(await client.networks.isActive(network)).toBe(false);
    await client.networks.create(network);
    expect(await client.networks.isActive(network)).toBe(true);
    expect(await codeOf(client.networks.create(network))).toBe(LIBVIRT_ERROR.OPERATION_INVALID);
    expect(await client.networks.getBridgeName(network)).toBe('lab0');
    expect(await client.networks.getXmlDesc(network)).toContain("<range start='192.0.2.10'");
    await client.networks.setAutostart(network, true);
    expect(await client.networks.listAll(NETWORK_LIST.AUTOSTART)).toEqual([network]);
    expect(await client.networks.listAll(NETWORK_LIST.INACTIVE)).toEqual([]);
    expect(await client.networks.getDhcpLeases(network)).toEqual([]);
    await client.networks.destroy(network);
    await client.networks.undefine(network);
    expect(await client.networks.listAll()).toEqual([]);
    const { DEFINED, STARTED, STOPPED, UNDEFINED } = NETWORK_EVENT;
    await until(
      () => seen.map(({ event }) => event),
      (events) => events.length === 4,
    );
    expect(seen.map(({ event }) => event)).toEqual([DEFINED, STARTED, STOPPED, UNDEFINED]);
    expect(seen[0]?.network).toEqual(network);
    await subscription.close();
  });
});

describe('domains', () => {
  const events: DomainLifecycleEvent[] = [];
  const kinds = (domain: DomainRef): number[] =>
    events.filter((event) => event.domain.uuid === domain.uuid).map(({ event }) => event);

  beforeAll(async () => {
    await client.events.onDomainLifecycle((event) => events.push(event));
  });

  it('goes from its definition to its end, each step told by an event', async () => {
    const domain = await client.domains.defineXml(
      guestDomainXml({ name: 'one', disk: await ownDisk('one') }),
    );
    expect(domain.id).toBe(-1);
    expect(await client.domains.lookupByName('one')).toEqual(domain);
    expect(await client.domains.isActive(domain)).toBe(false);
    const started = await client.domains.create(domain, DOMAIN_CREATE.PAUSED);
    expect(started.id).toBeGreaterThan(0);
    expect(await client.domains.getState(domain)).toMatchObject({ state: DOMAIN_STATE.PAUSED });
    expect(await codeOf(client.domains.create(domain))).toBe(LIBVIRT_ERROR.OPERATION_INVALID);
    await client.domains.resume(domain);
    expect(await client.domains.getInfo(domain)).toMatchObject({
      state: DOMAIN_STATE.RUNNING,
      maxMemoryKib: 131_072,
      vcpus: 1,
    });
    await client.domains.suspend(domain);
    await client.domains.managedSave(domain);
    expect(await client.domains.hasManagedSave(domain)).toBe(true);
    expect(await codeOf(client.domains.undefine(domain))).toBe(LIBVIRT_ERROR.OPERATION_INVALID);
    await client.domains.managedSaveRemove(domain);
    expect(await client.domains.hasManagedSave(domain)).toBe(false);
    await client.domains.create(domain);
    await client.domains.reset(domain);
    await client.domains.destroy(domain);
    expect(await client.domains.listAll(DOMAIN_LIST.ACTIVE)).toEqual([]);
    await client.domains.undefine(domain, DOMAIN_UNDEFINE.MANAGED_SAVE);
    expect(isNoSuchObject(await client.domains.getInfo(domain).catch((error: unknown) => error))).toBe(true);
    await until(
      () => kinds(domain),
      (seen) => seen.includes(DOMAIN_EVENT.UNDEFINED),
    );
    const { DEFINED, STARTED, SUSPENDED, RESUMED, STOPPED, UNDEFINED } = DOMAIN_EVENT;
    const told = kinds(domain);
    for (const kind of [DEFINED, STARTED, SUSPENDED, RESUMED, STOPPED]) expect(told).toContain(kind);
    expect(told[0]).toBe(DEFINED);
    expect(told.at(-1)).toBe(UNDEFINED);
  });

  it('changes settings of a domain that does not run', async () => {
    const domain = await client.domains.defineXml(
      guestDomainXml({ name: 'settings', disk: await ownDisk('settings') }),
    );
    const config = DOMAIN_AFFECT.CONFIG;
    await client.domains.setVcpus(domain, 4, config | DOMAIN_VCPU_MAXIMUM);
    await client.domains.setVcpus(domain, 2, config);
    expect(await client.domains.getVcpus(domain, config)).toBe(2);
    expect(await client.domains.getVcpus(domain, config | DOMAIN_VCPU_MAXIMUM)).toBe(4);
    await client.domains.setMemory(domain, 524_288, config | DOMAIN_MEM_MAXIMUM);
    await client.domains.setMemory(domain, 262_144, config);
    expect(await client.domains.getInfo(domain)).toMatchObject({ maxMemoryKib: 524_288, memoryKib: 262_144 });
    await client.domains.setAutostart(domain, true);
    expect(await codeOf(client.domains.getMetadata(domain, METADATA_URI))).toBe(
      LIBVIRT_ERROR.NO_DOMAIN_METADATA,
    );
    await client.domains.setMetadata(
      domain,
      { xml: "<mark value='7'/>", key: 'mark', uri: METADATA_URI },
      config,
    );
    expect(await client.domains.getMetadata(domain, METADATA_URI)).toContain('<mark value="7"/>');
    expect(await client.domains.getXmlDesc(domain, DOMAIN_XML.INACTIVE)).toContain(METADATA_URI);
    await client.domains.setMetadata(domain, { xml: null, key: 'mark', uri: METADATA_URI }, config);
    expect(await codeOf(client.domains.getMetadata(domain, METADATA_URI))).toBe(
      LIBVIRT_ERROR.NO_DOMAIN_METADATA,
    );
    const cdrom = "<disk type='file' device='cdrom'><target dev='sda' bus='sata'/></disk>";
    await client.domains.attachDevice(domain, cdrom, config);
    const medium = cdrom.replace(
      '<target',
      `<source file='${daemon.imagesDirectory}/settings.qcow2'/><target`,
    );
    await client.domains.updateDevice(domain, medium, config);
    expect((await client.domains.getXmlDesc(domain)).split('settings.qcow2')).toHaveLength(3);
    await client.domains.detachDevice(domain, medium, config);
    expect(await client.domains.getXmlDesc(domain)).not.toContain("device='cdrom'");
    await client.domains.undefine(domain);
  });

  it('boots: address, disk growth, statistics, reboot, console and a shutdown that the guest obeys', async () => {
    const network = await client.networks.defineXml(
      "<network><name>guests</name><bridge name='guests0'/><ip address='198.51.100.1' netmask='255.255.255.0'>" +
        "<dhcp><range start='198.51.100.10' end='198.51.100.99'/></dhcp></ip></network>",
    );
    await client.networks.create(network);
    const log = join(daemon.imagesDirectory, 'booted.log');
    const disk = await ownDisk('booted');
    const domain = await client.domains.defineXml(
      guestDomainXml({ name: 'booted', disk, network: 'guests', log }),
    );
    const reboots: string[] = [];
    await client.events.onDomainReboot((event) => reboots.push(event.domain.name));
    await client.domains.create(domain);
    const serial = (): Promise<string> => readFile(log, 'utf8').catch(() => '');
    await until(serial, (text) => text.includes('GUEST-READY'));
    expect(await serial()).toContain('DISK vda sectors=40960');
    const [nic] = await client.domains.interfaceAddresses(domain, ADDRESS_SOURCE.LEASE);
    expect(nic?.addresses).toEqual([
      { family: 'ipv4', address: expect.stringMatching(/^198\.51\.100\./) as string, prefix: 24 },
    ]);
    const leases = await client.networks.getDhcpLeases(network);
    expect(leases).toHaveLength(1);
    expect(leases[0]).toMatchObject({
      mac: nic!.mac,
      address: nic!.addresses[0]!.address,
      interfaceName: 'guests0',
    });
    expect(await client.networks.getDhcpLeases(network, '52:54:00:ff:ff:ff')).toEqual([]);

    await client.domains.blockResize(domain, 'vda', 40 * MIB);
    expect(await client.domains.getBlockInfo(domain, 'vda')).toMatchObject({ capacityBytes: 40 * MIB });
    const [stats] = await client.domains.getAllStats({
      stats: DOMAIN_STATS.STATE | DOMAIN_STATS.BLOCK,
      domains: [domain],
    });
    expect(stats?.domain.uuid).toBe(domain.uuid);
    expect(stats?.stats.get('state.state')).toBe(DOMAIN_STATE.RUNNING);
    expect(stats?.stats.get('block.0.capacity')).toBe(BigInt(40 * MIB));

    const serials = await client.domains.openConsole(domain);
    let printed = '';
    const reading = (async () => {
      for await (const chunk of serials) if ((printed += chunk.toString()).includes('typed-6')) return;
    })();
    await serials.write(Buffer.from('\necho typed-$((2*3))\n'));
    await reading;
    serials.close();

    await client.domains.reboot(domain);
    await until(
      () => reboots.length,
      (count) => count > 0,
    );
    await until(serial, (text) => text.split('GUEST-READY').length === 3);
    expect(await serial()).toContain('DISK vda sectors=81920');
    await client.domains.shutdown(domain);
    await until(
      () => client.domains.getState(domain),
      ({ state }) => state === DOMAIN_STATE.SHUTOFF,
    );
    await client.domains.undefine(domain);
    await client.networks.destroy(network);
    await client.networks.undefine(network);
  });
});

describe('a daemon that dies', () => {
  it('fails the call under way at once, and is found again with guest, events and state', async () => {
    const ours = new LibvirtClient({ uri: daemon.uri(), reconnectMaximumMs: 500 });
    try {
      const events: DomainLifecycleEvent[] = [];
      await ours.events.onDomainLifecycle((event) => events.push(event));
      const back = new Promise<number>((resolve) => ours.onReconnected(({ downMs }) => resolve(downMs)));
      const domain = await ours.domains.defineXml(
        guestDomainXml({ name: 'survivor', disk: await ownDisk('survivor') }),
      );
      const { id } = await ours.domains.create(domain, DOMAIN_CREATE.PAUSED);
      const slow = Array.from({ length: 50 }, () =>
        ours.host.getCapabilities().then(
          () => 'answered',
          (error: unknown) => error,
        ),
      );
      const pid = await daemon.daemonPid();
      process.kill(pid!, 'SIGKILL');
      const failed = (await Promise.all(slow)).filter((outcome) => outcome !== 'answered');
      for (const error of failed) expect(error).toBeInstanceOf(LibvirtConnectionError);
      await until(
        () => daemon.daemonPid(),
        (present) => present === null,
      );
      await expect(ours.domains.listAll(0, { timeoutMs: 2_000 })).rejects.toMatchObject({ retriable: true });
      await daemon.start();
      expect(await ours.waitUntilReady(20_000)).toMatchObject({ number: expect.any(Number) as number });
      expect(await back).toBeGreaterThan(0);
      expect(await ours.domains.lookupByName('survivor')).toMatchObject({ uuid: domain.uuid, id });
      expect(await ours.domains.getState(domain)).toMatchObject({ state: DOMAIN_STATE.PAUSED });
      // Waits for the job by which the daemon finds its guest again. A destroy that comes in between kills the
      // guest under it, and is then answered with 55 although it took effect.
      await ours.domains.resume(domain);
      const before = events.length;
      await ours.domains.destroy(domain);
      await until(
        () => events.slice(before).map(({ event }) => event),
        (seen) => seen.includes(DOMAIN_EVENT.STOPPED),
      );
      await ours.domains.undefine(domain);
    } finally {
      ours.close();
    }
  });
});
