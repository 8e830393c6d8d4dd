import type { Data } from '../../support/api/api-answer';
import type { ApiClient } from '../../support/api/api-client';
import { startVm, succeeded } from '../../support/api/requests';
import type { Made } from '../../support/api/requests';
import { TestGateway } from '../../support/api/test-gateway';
import { until } from '../../support/until';
import type { OpenStackServer } from './harness';
import { OpenStackIntruder } from './intruder';

const VM = `query ($id: ID!) { vm(id: $id) {
  id name status powerState cpuCount memoryMib diskGib externalId ipAddresses networks { macAddress network { name } }
} }`;

const NETWORK_COLLECTIONS = [
  'networks',
  'subnets',
  'ports',
  'routers',
  'floatingips',
  'security-groups',
] as const;

export interface OpenStackWorldOptions {
  readonly start: () => Promise<OpenStackServer>;
  /** Keys of the backend besides those of the access. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** A gateway with one OpenStack backend called `cloud`, and a second client of the same project. */
export class OpenStackWorld {
  private constructor(
    readonly server: OpenStackServer,
    readonly gateway: TestGateway,
    readonly intruder: OpenStackIntruder,
    readonly templateId: string,
  ) {}

  static async open({ start, config }: OpenStackWorldOptions): Promise<OpenStackWorld> {
    const server = await start();
    const { authUrl, username, password, project, domain } = server;
    const access = { authUrl, username, password, project, domain };
    const settings = { ...access, pollIntervalMs: 250, listingLagMs: 0, ...config };
    const backend = { name: 'cloud', kind: 'openstack', location: 'EXTERNAL', ...settings };
    const gateway = await TestGateway.start({ backends: {}, furtherBackends: [backend] });
    const online = () => gateway.admin.data('{ backends { status } }');
    await until(online, ({ backends }) => backends[0].status === 'ONLINE', 30_000, 50);
    const realizations = [{ backend: 'cloud', imageRef: 'cirros' }];
    const { template } = await gateway.admin.mutate(
      'registerTemplate',
      { name: 'flow', realizations },
      'template { id }',
    );
    const intruder = new OpenStackIntruder(server.directly ?? access);
    return new OpenStackWorld(server, gateway, intruder, template.id);
  }

  /** Asks for a VM of the smallest flavor. */
  order(caller: ApiClient, input: object): Promise<Made> {
    const size = { cpuCount: 1, memoryMib: 512, diskGib: 1 };
    return startVm(caller, { backend: 'cloud', templateId: this.templateId, ...size, ...input });
  }

  /** A VM that is there and runs. */
  async vm(caller: ApiClient, input: object): Promise<{ id: string; externalId: string }> {
    const { id, taskId } = await this.order(caller, input);
    await succeeded(caller, taskId);
    return { id, externalId: (await look(caller, id)).externalId };
  }

  /** The servers of the project: their names and statuses. */
  async servers(): Promise<readonly { readonly name: string; readonly status: string }[]> {
    const seen = (await this.intruder.call('compute', 'GET', '/servers/detail')) as Data;
    return seen.servers.map(({ name, status }: Data) => ({ name, status }));
  }

  /** What the project can see, by kind: ids. */
  async inventory(): Promise<Readonly<Record<string, readonly string[]>>> {
    const found: Record<string, readonly string[]> = { keypairs: await this.intruder.keypairs() };
    const compute = (await this.intruder.call('compute', 'GET', '/servers')) as Data;
    found['servers'] = idsOf(compute.servers);
    for (const collection of NETWORK_COLLECTIONS) {
      const seen = (await this.intruder.call('network', 'GET', `/v2.0/${collection}`)) as Data;
      found[collection] = idsOf(seen[collection.replace('-', '_')]);
    }
    return found;
  }

  async close(): Promise<void> {
    await this.gateway.close();
    await this.server.stop();
  }
}

function idsOf(things: readonly { readonly id: string }[]): readonly string[] {
  return things.map(({ id }) => id).sort();
}

/** The VM as the API shows it; null for who may not see it. */
export async function look(caller: ApiClient, id: string): Promise<Data> {
  return (await caller.data(VM, { id })).vm;
}
