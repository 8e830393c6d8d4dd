import { setMaxListeners } from 'node:events';
import { newId, silentLogger } from '../../../src/kernel';
import { RequestGate, unwatchedCall } from '../../../src/providers/contract';
import type {
  CallContext,
  HypervisorProvider,
  Marker,
  NetworkRef,
  Outcome,
  VmObservation,
  VmSpec,
} from '../../../src/providers/contract';
import { createProvider } from '../../../src/providers/registry';
import { settle } from '../../conformance/settle';
import { until } from '../../support/until';
import type { OpenStackServer } from './harness';
import { OpenStackIntruder } from './intruder';

export interface TenantOptions {
  readonly config?: Readonly<Record<string, unknown>>;
  readonly timeoutMs: number;
}

/** One tenant of a cloud with a network, a gateway's connection to it, and what an administrator sees. */
export class Tenant {
  readonly intruder: OpenStackIntruder;
  readonly context: CallContext = unwatchedCall(new AbortController().signal, silentLogger);
  private readonly connections: HypervisorProvider[] = [];
  private readonly markers: Marker[] = [];
  private readonly installationId = newId('tenant');
  private readonly tenantId = newId('tenant');
  private network: NetworkRef | null = null;

  private constructor(
    private readonly server: OpenStackServer,
    private readonly options: TenantOptions,
  ) {
    this.intruder = new OpenStackIntruder(server.directly ?? server);
    // Many calls at once listen to the one signal.
    setMaxListeners(0, this.context.signal);
  }

  static async enter(
    server: OpenStackServer,
    options: TenantOptions,
    mode: 'NAT' | 'ISOLATED' = 'ISOLATED',
  ): Promise<Tenant> {
    const tenant = new Tenant(server, options);
    const marker = tenant.marker('network');
    const spec = { marker, name: 'tried', mode, cidr: '10.95.0.0/24' };
    const made = await tenant.settle(() => tenant.provider.createNetwork(spec, tenant.context));
    tenant.network = { externalId: made.externalId, marker };
    return tenant;
  }

  get provider(): HypervisorProvider {
    return this.connections[0] ?? this.connect();
  }

  /** As another gateway has it. */
  connect(): HypervisorProvider {
    const { authUrl, username, password, project, domain } = this.server;
    const config = { authUrl, username, password, project, domain, pollIntervalMs: 100, listingLagMs: 0 };
    const provider = createProvider(
      'openstack',
      { ...config, ...this.options.config },
      { backendName: 'tried', logger: silentLogger, requests: new RequestGate() },
      // Troubles are what is tried here, a row of them too.
      { circuit: null },
    );
    this.connections.push(provider);
    return provider;
  }

  async spec(changes: Partial<VmSpec> = {}): Promise<VmSpec> {
    const image = await this.provider.resolveImage('cirros', this.context);
    return {
      marker: this.marker('vm'),
      name: 'tried',
      hostname: 'tried',
      cpuCount: 1,
      memoryMib: 512,
      diskGib: 1,
      imageExternalId: image?.externalId ?? '',
      networks: this.network ? [{ externalId: this.network.externalId }] : [],
      userData: null,
      sshKeys: [],
      labels: {},
      ...changes,
    };
  }

  create(spec: VmSpec, provider = this.provider): Promise<VmObservation> {
    return this.settle(() => provider.createVm(spec, this.context), provider);
  }

  settle<T>(mutate: () => Promise<Outcome<T>>, provider = this.provider): Promise<T> {
    return settle(provider, this.context, this.options.timeoutMs, mutate);
  }

  /** Asks until the answer is as wanted. */
  async eventually<T>(ask: () => Promise<T>, wanted: (value: T) => boolean): Promise<T> {
    return until(ask, wanted, this.options.timeoutMs, 50);
  }

  /** Removes what carries the marker, as a caller does after a creation that failed. */
  async remove(marker: Marker): Promise<void> {
    await this.settle(() => this.provider.deleteVm({ externalId: '', marker }, this.context));
  }

  async leave(): Promise<void> {
    try {
      for (const marker of this.markers.slice(1)) await this.remove(marker);
      const { network } = this;
      if (network) await this.settle(() => this.provider.deleteNetwork(network, this.context));
    } finally {
      for (const provider of this.connections) await provider.close();
    }
  }

  private marker(noun: 'vm' | 'network'): Marker {
    const marker = {
      installationId: this.installationId,
      tenantId: this.tenantId,
      objectId: newId(noun),
      operationId: newId('task'),
    };
    this.markers.push(marker);
    return marker;
  }
}
