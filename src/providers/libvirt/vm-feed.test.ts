import { silentLogger } from '../../kernel';
import type { BackendEvent } from '../contract';
import { LIBVIRT_ERROR, LibvirtError } from './client';
import type { LibvirtHost } from './host';
import { backendName, backendUuid } from './identity';
import { domainXml } from './map-domain';
import { VmFeed } from './vm-feed';

const marker = { installationId: 'i', tenantId: 't', objectId: 'vm_1', operationId: 'o' };
const network = { marker: { ...marker, objectId: 'net_1' } };
const domain = { name: backendName(marker), uuid: backendUuid(marker), id: 1 };
const networkRef = { name: backendName(network.marker), uuid: backendUuid(network.marker) };
const MAC = '52:54:00:00:00:01';

/** A daemon of which only what an observation reads is there. */
class Backend {
  gone = false;
  failing = false;
  state = 1;
  addresses: string[] = [];
  reads = 0;

  readonly host = {
    config: { pool: 'hypergate' },
    logger: silentLogger,
    client: {
      domains: {
        getXmlDesc: () => this.read(this.xml()),
        getState: () => this.read({ state: this.state, reason: 1 }),
        hasManagedSave: () => this.read(false),
      },
      networks: {
        lookupByName: () => this.read(networkRef),
        getDhcpLeases: () => this.read(this.addresses.map((address) => ({ mac: MAC, address }))),
      },
      volumes: { getInfo: () => this.read({ capacityBytes: 2 ** 30 }) },
    },
  } as unknown as LibvirtHost;

  private read<T>(answer: T): Promise<T> {
    this.reads += 1;
    const code = this.failing ? LIBVIRT_ERROR.RPC : LIBVIRT_ERROR.NO_DOMAIN;
    if (this.failing || this.gone)
      return Promise.reject(new LibvirtError({ code, domain: 10, level: 2, message: '' }));
    return Promise.resolve(answer);
  }

  private xml(): string {
    const xml = domainXml({
      ownership: { marker, name: 'web' },
      labels: {},
      uuid: domain.uuid,
      name: domain.name,
      accelerator: 'tcg',
      arch: 'x86_64',
      machine: 'q35',
      cpuCount: 1,
      memoryMib: 128,
      diskPath: '/pool/disk',
      image: { path: '/pool/image', format: 'qcow2' },
      seedPath: '/pool/seed',
      consolePath: '/pool/console',
      nics: [{ macAddress: MAC, networkName: networkRef.name }],
    });
    return xml.replace('<memory unit="MiB">128<', '<memory unit="KiB">131072<');
  }
}

let backend: Backend;
let events: BackendEvent[];
let controller: AbortController;
let feed: VmFeed;

beforeEach(() => {
  jest.useFakeTimers();
  backend = new Backend();
  events = [];
  controller = new AbortController();
  feed = new VmFeed(backend.host, (event) => void events.push(event), controller.signal);
});

afterEach(() => {
  feed.close();
  jest.useRealTimers();
});

const settle = (ms = 0): Promise<void> => jest.advanceTimersByTimeAsync(ms);

function told(): unknown[] {
  return events.map((event) =>
    event.type === 'VM_CHANGED'
      ? [event.vm.powerState, ...(event.vm.nics[0]?.ipAddresses ?? [])]
      : event.type,
  );
}

it('tells of an event at once, and of the address when its lease has come', async () => {
  feed.touch(domain);
  await settle();
  expect(told()).toEqual([['POWERED_ON']]);
  await settle(1_500);
  backend.addresses = ['10.0.0.2'];
  await settle(1_500);
  expect(told()).toEqual([['POWERED_ON'], ['POWERED_ON', '10.0.0.2']]);
  const { reads } = backend;
  await settle(600_000);
  expect(backend.reads).toBe(reads);
});

it('gives up on a guest that never asks for an address', async () => {
  feed.touch(domain);
  await settle(600_000);
  const { reads } = backend;
  await settle(600_000);
  expect(backend.reads).toBe(reads);
  expect(told()).toEqual([['POWERED_ON']]);
});

it('does not wait for the address of a VM that is stopped', async () => {
  backend.state = 5;
  feed.touch(domain);
  await settle(600_000);
  expect(told()).toEqual([['POWERED_OFF']]);
  expect(backend.reads).toBeLessThan(10);
});

it('follows a VM that ran before without telling of it, until it has news', async () => {
  feed.follow(domain);
  await settle(500);
  expect(told()).toEqual([]);
  backend.addresses = ['10.0.0.2'];
  await settle(1_000);
  expect(told()).toEqual([['POWERED_ON', '10.0.0.2']]);
});

it('joins events that come while it reads, and tells the last state last', async () => {
  feed.touch(domain);
  feed.touch(domain);
  backend.state = 5;
  feed.touch(domain);
  await settle();
  expect(told().at(-1)).toEqual(['POWERED_OFF']);
  expect(events.length).toBeLessThanOrEqual(2);
});

it('tells that a VM is gone', async () => {
  backend.gone = true;
  feed.touch(domain);
  await settle();
  expect(events).toEqual([{ type: 'VM_GONE', externalId: domain.uuid }]);
});

it('asks for a new listing, once, when changes cannot be read', async () => {
  backend.failing = true;
  feed.touch(domain);
  await settle(100);
  feed.touch(domain);
  await settle(5_000);
  expect(told()).toEqual(['RESYNC']);
});

it('is silent once it is told to end', async () => {
  feed.touch(domain);
  controller.abort();
  await settle(600_000);
  expect(events).toEqual([]);
});
