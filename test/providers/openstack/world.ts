import type { Data } from '../../support/api/api-answer';
import type { ApiClient } from '../../support/api/api-client';
import { startVm, succeeded } from '../../support/api/requests';
import type { Made } from '../../support/api/requests';
import { CloudWorld, look } from '../cloud-flow';
import type { RunningCloud } from '../cloud-flow';
import type { OpenStackServer } from './harness';
import { OpenStackIntruder } from './intruder';

const NETWORK_COLLECTIONS = [
  'networks',
  'subnets',
  'ports',
  'routers',
  'floatingips',
  'security-groups',
] as const;

interface SeenServer {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly 'OS-EXT-STS:task_state': string | null;
}

/** The cloud as the flow of a VM's life wants it, with a second client that acts behind the gateway's back. */
export function runningCloud(server: OpenStackServer, config: object = {}): RunningCloud {
  const { authUrl, username, password, project, domain } = server;
  const access = { authUrl, username, password, project, domain };
  const intruder = new OpenStackIntruder(server.directly ?? access);
  return {
    backend: { kind: 'openstack', ...access, pollIntervalMs: 250, listingLagMs: 0, ...config },
    imageRef: 'cirros',
    inventory: async () => Object.values(await inventoryOf(intruder)).flat(),
    powerOff: (id) => intruder.powerOff(id),
    rename: (id, name) => intruder.rename(id, name),
    destroy: (id) => intruder.destroy(id),
    stop: () => server.stop(),
  };
}

/** What the project can see, by kind: names of key pairs, ids of all else. */
async function inventoryOf(
  intruder: OpenStackIntruder,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const found: Record<string, readonly string[]> = { keypairs: await intruder.keypairs() };
  const compute = (await intruder.call('compute', 'GET', '/servers')) as Data;
  found['servers'] = idsOf(compute.servers);
  for (const collection of NETWORK_COLLECTIONS) {
    const seen = (await intruder.call('network', 'GET', `/v2.0/${collection}`)) as Data;
    found[collection] = idsOf(seen[collection.replace('-', '_')]);
  }
  return found;
}

function idsOf(things: readonly { readonly id: string }[]): readonly string[] {
  return things.map(({ id }) => id).sort();
}

/** A gateway with one OpenStack backend called `cloud`, and a second client of the same project. */
export class OpenStackWorld {
  private constructor(
    private readonly world: CloudWorld,
    private readonly intruder: OpenStackIntruder,
  ) {}

  static async open(server: OpenStackServer): Promise<OpenStackWorld> {
    const world = await CloudWorld.open(() => Promise.resolve(runningCloud(server)));
    return new OpenStackWorld(world, new OpenStackIntruder(server.directly ?? server));
  }

  get admin(): ApiClient {
    return this.world.gateway.admin;
  }

  /** Asks for a VM of the smallest flavor. */
  order(caller: ApiClient, input: object): Promise<Made> {
    return startVm(caller, this.world.vmInput(input));
  }

  /** A VM that is there and runs; its id. */
  async vm(caller: ApiClient, input: object): Promise<string> {
    const { id, taskId } = await this.order(caller, input);
    await succeeded(caller, taskId);
    expect(await look(caller, id)).toMatchObject({ status: 'RUNNING' });
    return id;
  }

  /** The servers of the project: their names and statuses. */
  async servers(): Promise<readonly Pick<SeenServer, 'name' | 'status'>[]> {
    return (await this.seenServers()).map(({ name, status }) => ({ name, status }));
  }

  /** What Nova is at with the server of this name. */
  async taskOf(name: string): Promise<string | null> {
    const server = (await this.seenServers()).find((one) => one.name === name);
    return server?.['OS-EXT-STS:task_state'] ?? null;
  }

  inventory(): Promise<Readonly<Record<string, readonly string[]>>> {
    return inventoryOf(this.intruder);
  }

  close(): Promise<void> {
    return this.world.close();
  }

  private async seenServers(): Promise<readonly SeenServer[]> {
    const seen = await this.intruder.call('compute', 'GET', '/servers/detail');
    return (seen as { servers: readonly SeenServer[] }).servers;
  }
}
