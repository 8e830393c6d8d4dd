import { newId } from '../../../src/kernel';
import type {
  HypervisorProvider,
  Marker,
  NetworkRef,
  NetworkSpec,
  Outcome,
  VmRef,
  VmSpec,
} from '../../../src/providers/contract';
import { createProvider } from '../../../src/providers/registry';
import { silentLogger } from '../../../src/kernel';
import { VimClient } from '../../../src/providers/vsphere/client';
import type { NetworkFault } from '../../../src/simulators/network/network-faults';
import { contextOf } from '../../conformance/recording-context';
import type { SimulatedServer } from './simulator';
import { startSimulator } from './simulator';
import { persist } from './persist';
import type { Trouble } from './persist';
import { RequestGate } from '../../../src/providers/contract';

const TIMEOUT_MS = 20_000;
const IMAGE = 'origin';

/** What may happen to a call before it is executed: a fault of the network, or something done at the simulator. */
export type Strike = NetworkFault | ((server: SimulatedServer) => void);

/** A simulated vCenter whose every vim25 call is seen, and can be struck; and one who looks on from outside. */
export class TroubledVcenter {
  /** The methods that were called since the last `arm`. */
  readonly calls: string[] = [];
  readonly installationId = newId('tenant');
  readonly tenantId = newId('tenant');
  /** Not struck. */
  readonly calm: HypervisorProvider;
  private readonly providers = new Set<HypervisorProvider>();
  private readonly onlooker: VimClient;
  private armed: ((call: number, method: string) => Strike | null) | null = null;
  private image = '';

  private constructor(
    readonly server: SimulatedServer,
    private readonly config: object,
  ) {
    const { url, username, password } = server;
    this.onlooker = new VimClient({ url, username, password, callTimeoutMs: TIMEOUT_MS });
    this.watchCalls();
    this.calm = this.connect();
  }

  static async start(options: object = {}, config: object = {}): Promise<TroubledVcenter> {
    const server = await startSimulator({ taskMs: 5, guestBootMs: 0, guestShutdownMs: 5, ...options });
    const world = new TroubledVcenter(server, config);
    const image = await world.calm.resolveImage(IMAGE, contextOf());
    world.image = image?.externalId ?? '';
    return world;
  }

  /** A provider as a gateway process has it, without the guard: what leaves it is what is judged. */
  connect(): HypervisorProvider {
    const { url, username, password } = this.server;
    const settings = { url, username, password, callTimeoutMs: TIMEOUT_MS, ...this.config };
    const guard = { circuit: null };
    const environment = { backendName: 'dc', logger: silentLogger, requests: new RequestGate() };
    const provider = createProvider('vsphere', settings, environment, guard);
    this.providers.add(provider);
    return provider;
  }

  async disconnect(provider: HypervisorProvider): Promise<void> {
    this.providers.delete(provider);
    await provider.close();
  }

  /** From now on each call is recorded, and struck by what `strike` says. */
  arm(strike: (call: number, method: string) => Strike | null): void {
    this.calls.length = 0;
    this.armed = strike;
  }

  disarm(): void {
    this.armed = null;
  }

  marker(noun: 'vm' | 'network'): Marker {
    const { installationId, tenantId } = this;
    return { installationId, tenantId, objectId: newId(noun), operationId: newId('task') };
  }

  vmSpec(changes: Partial<VmSpec> = {}): VmSpec {
    return {
      marker: this.marker('vm'),
      name: 'web',
      hostname: 'web',
      cpuCount: 1,
      memoryMib: 128,
      diskGib: 1,
      imageExternalId: this.image,
      networks: [],
      userData: null,
      sshKeys: [],
      labels: {},
      ...changes,
    };
  }

  networkSpec(): NetworkSpec {
    return { marker: this.marker('network'), name: 'net', mode: 'ISOLATED', cidr: '10.1.0.0/24' };
  }

  /** Undisturbed. */
  async settle<T>(mutate: (provider: HypervisorProvider) => Promise<Outcome<T>>): Promise<T> {
    return persist(this.calm, mutate, []);
  }

  /** By a process of its own, that repeats as the contract says; and what it met on the way. */
  async persist<T>(
    mutate: (provider: HypervisorProvider) => Promise<Outcome<T>>,
  ): Promise<{ value: T; met: Trouble[] }> {
    const provider = this.connect();
    const met: Trouble[] = [];
    try {
      return { value: await persist(provider, mutate, met), met };
    } finally {
      this.disarm();
      await this.disconnect(provider);
    }
  }

  async vm(spec = this.vmSpec()): Promise<VmRef> {
    const { externalId } = await this.settle((provider) => provider.createVm(spec, contextOf()));
    return { externalId, marker: spec.marker };
  }

  async network(): Promise<NetworkRef> {
    const spec = this.networkSpec();
    const { externalId } = await this.settle((provider) => provider.createNetwork(spec, contextOf()));
    return { externalId, marker: spec.marker };
  }

  /** Everything that mutations could leave behind, except the tenants' folders and pools, which stay. */
  async inventory(): Promise<string[]> {
    const found = [...(await this.named('VirtualMachine')), ...(await this.named('Network'))];
    if ('networkSwitch' in this.config) found.push(...(await this.hostPortGroups()));
    return found.sort();
  }

  /** The types of the objects that are named after a tenant. */
  async placesOf(tenantId: string): Promise<string[]> {
    const found = [...(await this.named('Folder')), ...(await this.named('ResourcePool'))];
    return found.filter((line) => line.endsWith(` ${tenantId}`)).map((line) => line.split(' ')[0] ?? '');
  }

  private async named(type: 'VirtualMachine' | 'Network' | 'Folder' | 'ResourcePool'): Promise<string[]> {
    const { rootFolder } = await this.onlooker.content();
    const found: string[] = [];
    for await (const { ref, properties } of this.onlooker.retrieveContained(rootFolder, type, ['name']))
      found.push(`${type} ${ref.value} ${properties.name ?? ''}`);
    return found;
  }

  /** Port groups with their VLANs, as each host has them. */
  private async hostPortGroups(): Promise<string[]> {
    const { rootFolder } = await this.onlooker.content();
    const hosts = await this.onlooker.listContained(rootFolder, 'HostSystem');
    const paths = ['configManager.networkSystem'] as const;
    const systems = [...(await this.onlooker.readMany(hosts, paths)).values()].flatMap(
      (host) => host['configManager.networkSystem'] ?? [],
    );
    const read = await this.onlooker.readMany(systems, ['networkInfo.portgroup']);
    return [...read].flatMap(([system, { 'networkInfo.portgroup': groups = [] }]) =>
      groups.map(({ spec }) => `${system} ${spec.name} VLAN ${spec.vlanId}`),
    );
  }

  async close(): Promise<void> {
    this.disarm();
    for (const provider of this.providers) await provider.close();
    await this.onlooker.close();
    await this.server.stop();
  }

  private watchCalls(): void {
    const { faults } = this.server.simulator;
    const pick = faults.pick.bind(faults);
    faults.pick = (method) => {
      if (this.armed === null) return pick(method);
      const strike = this.armed(this.calls.push(method) - 1, method);
      if (typeof strike !== 'function') return strike ?? pick(method);
      strike(this.server);
      return null;
    };
  }
}
