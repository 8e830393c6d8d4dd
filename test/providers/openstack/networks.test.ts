import { newId, silentLogger } from '../../../src/kernel';
import { RequestGate, unwatchedCall } from '../../../src/providers/contract';
import type { Marker, NetworkMode, NetworkSpec } from '../../../src/providers/contract';
import { openCloud } from '../../../src/providers/openstack/cloud';
import type { Cloud } from '../../../src/providers/openstack/cloud';
import { configSchema } from '../../../src/providers/openstack/config';
import { ensureFloatingIp, releaseFloatingIps } from '../../../src/providers/openstack/floating-ips';
import { createNetwork, deleteNetwork, locateNetwork } from '../../../src/providers/openstack/networks';
import {
  ensureSecurityGroups,
  removeIdleSecurityGroup,
} from '../../../src/providers/openstack/security-group';
import { openstackSimulator } from '../../../src/simulators/openstack';
import type { RunningSimulator } from '../../../src/simulators/simulator';
import { MortalGate } from './mortal-gate';

const context = unwatchedCall(new AbortController().signal, silentLogger);

let simulator: RunningSimulator;
let cloud: Cloud;
let clouds: Cloud[];

beforeEach(async () => {
  const options = openstackSimulator.optionsSchema.parse({ latencyJitterMs: 4 });
  simulator = await openstackSimulator.start(options, { host: '127.0.0.1', port: 0, logger: silentLogger });
  clouds = [];
  cloud = connect();
});

afterEach(async () => {
  for (const { client } of clouds) client.close();
  await simulator.close();
});

/** Another gateway. */
function connect(requests = new RequestGate(), changes: object = {}): Cloud {
  const config = configSchema.parse({ ...simulator.connection, ...changes });
  const opened = openCloud(config, { backendName: 'cloud', logger: silentLogger, requests });
  clouds.push(opened);
  return opened;
}

function markerOf(owner: Partial<Marker> = {}): Marker {
  return {
    installationId: newId('tenant'),
    tenantId: newId('tenant'),
    objectId: newId('network'),
    operationId: newId('task'),
    ...owner,
  };
}

function specOf(mode: NetworkMode, marker = markerOf()): NetworkSpec {
  return { marker, name: 'web', mode, cidr: '10.91.0.0/24' };
}

async function made(spec: NetworkSpec, by = cloud): Promise<string> {
  const outcome = await createNetwork(by, spec, context);
  if (outcome.state !== 'DONE') throw new Error('A network takes no time.');
  return outcome.value.externalId;
}

/** As a caller does it: refused for the time being, it asks again. */
async function settled(spec: NetworkSpec, by: Cloud): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await made(spec, by);
    } catch (error) {
      expect(error).toMatchObject({ code: 'UNAVAILABLE', retryable: true });
      await new Promise((resolve) => setTimeout(resolve, Math.random() * attempt * 20));
    }
  }
}

/** How many there are of everything, ours or not. */
async function inventory(): Promise<Readonly<Record<string, number>>> {
  const { networks, subnets, routers, ports, securityGroups, floatingIps } = cloud.client.network;
  const counts: Record<string, number> = {};
  for (const [name, collection] of Object.entries({
    networks,
    subnets,
    routers,
    ports,
    securityGroups,
    floatingIps,
  }))
    counts[name] = (await collection.list({}, context)).length;
  return counts;
}

async function serverOn(networkId: string, securityGroup?: string): Promise<string> {
  const [image] = await cloud.client.image.list({ name: 'cirros' }, context);
  const [flavor] = await cloud.client.compute.flavors(context);
  const server = await cloud.client.compute.servers.create(
    {
      name: 'vm',
      imageRef: image!.id,
      flavorRef: flavor!.id,
      networks: [{ uuid: networkId }],
      metadata: {},
      ...(securityGroup === undefined ? {} : { security_groups: [{ name: securityGroup }] }),
    },
    context,
  );
  await ended(async () => (await cloud.client.compute.servers.get(server, context))?.status === 'ACTIVE');
  return server;
}

async function removed(server: string): Promise<void> {
  await cloud.client.compute.servers.delete(server, context);
  await ended(async () => (await cloud.client.compute.servers.get(server, context)) === null);
}

async function ended(reached: () => Promise<boolean>): Promise<void> {
  while (!(await reached())) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe.each(['ISOLATED', 'NAT'] as const)('a network of the mode %s', (mode) => {
  it('has a subnet that gives addresses, and a gateway only where it leads somewhere', async () => {
    const network_id = await made(specOf(mode));
    const [subnet] = await cloud.client.network.subnets.list({ network_id }, context);
    expect(subnet).toMatchObject({ cidr: '10.91.0.0/24', enable_dhcp: true });
    expect(subnet?.gateway_ip ?? null).toBe(mode === 'NAT' ? '10.91.0.1' : null);
    const routers = await cloud.client.network.routers.list({}, context);
    expect(routers).toHaveLength(mode === 'NAT' ? 1 : 0);
  });

  it('is made to its end by whoever repeats the creation, wherever the first has died', async () => {
    const before = await inventory();
    for (let requests = 2; ; requests += 1) {
      const spec = specOf(mode);
      const [first] = await Promise.allSettled([made(spec, connect(new MortalGate(requests)))]);
      if (first.status === 'fulfilled') break;
      const seen = await locateNetwork(cloud, spec.marker, context);
      const left = await inventory();
      const externalId = await made(spec);
      const whole = await inventory();
      expect(whole).toMatchObject({
        networks: before['networks']! + 1,
        subnets: before['subnets']! + 1,
        routers: before['routers']! + (mode === 'NAT' ? 1 : 0),
      });
      // Only what is whole is shown.
      if (seen !== null) expect([seen.externalId, left]).toEqual([externalId, whole]);
      expect(await made(spec)).toBe(externalId);
      await deleteNetwork(cloud, { externalId, marker: spec.marker }, context);
      expect(await inventory()).toEqual(before);
    }
  });

  it('is removed by its marker, wherever its creation and the removals have died', async () => {
    const before = await inventory();
    for (let requests = 2; ; requests += 1) {
      const spec = specOf(mode);
      const ref = { externalId: '', marker: spec.marker };
      const [creation] = await Promise.allSettled([made(spec, connect(new MortalGate(requests)))]);
      for (let left = 2; ; left += 1) {
        const removal = deleteNetwork(connect(new MortalGate(left)), ref, context);
        if ((await Promise.allSettled([removal]))[0].status === 'fulfilled') break;
      }
      expect(await locateNetwork(cloud, spec.marker, context)).toBeNull();
      expect(await inventory()).toMatchObject({ ...before, securityGroups: expect.any(Number) as number });
      if (creation.status === 'fulfilled') break;
    }
  });

  it('is made once by gateways that make it at once, whoever comes first with what', async () => {
    const before = await inventory();
    const gateways = [connect(), connect(), connect(), connect()];
    for (let round = 0; round < 8; round += 1) {
      const spec = specOf(mode);
      const ids = await Promise.all(gateways.map((gateway) => settled(spec, gateway)));
      const externalId = await made(spec);
      expect(new Set(ids)).toEqual(new Set([externalId]));
      const now = await inventory();
      expect([now['networks'], now['subnets']]).toEqual([before['networks']! + 1, before['subnets']! + 1]);
      expect(now['routers']! - before['routers']!).toBe(mode === 'NAT' ? 1 : 0);
      const ports = await cloud.client.network.ports.list({ network_id: externalId }, context);
      const interfaces = ports.filter(({ device_owner }) => device_owner === 'network:router_interface');
      expect(interfaces).toHaveLength(mode === 'NAT' ? 1 : 0);
      await deleteNetwork(cloud, { externalId, marker: spec.marker }, context);
      expect(await inventory()).toEqual(before);
    }
  });
});

describe('what is not ours', () => {
  it('is neither located nor removed, whatever it is called', async () => {
    const spec = specOf('ISOLATED');
    const externalId = await made(spec);
    const [network] = await cloud.client.network.networks
      .list({}, context)
      .then((all) => all.filter(({ id }) => id === externalId));
    await cloud.client.network.networks.update(externalId, { description: 'mine now' }, context);
    expect(await locateNetwork(cloud, spec.marker, context)).toBeNull();
    await expect(deleteNetwork(cloud, { externalId, marker: spec.marker }, context)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect((await cloud.client.network.networks.get(externalId, context))?.name).toBe(network?.name);
  });

  it('stays whole while somebody else has a port on it', async () => {
    const spec = specOf('NAT');
    const network = await made(spec);
    const before = await inventory();
    const port = await cloud.client.network.ports.create({ network_id: network }, context);
    const ref = { externalId: network, marker: spec.marker };
    await expect(deleteNetwork(cloud, ref, context)).rejects.toMatchObject({ code: 'FAILED_PRECONDITION' });
    await cloud.client.network.ports.delete(port.id, context);
    expect(await inventory()).toEqual(before);
  });

  it('is removed where an administrator has but renamed it', async () => {
    const spec = specOf('ISOLATED');
    const externalId = await made(spec);
    await cloud.client.network.networks.update(externalId, { name: 'renamed' }, context);
    await deleteNetwork(cloud, { externalId, marker: spec.marker }, context);
    expect(await cloud.client.network.networks.get(externalId, context)).toBeNull();
  });
});

describe('the security group of a tenant', () => {
  const ingress = [{ protocol: 'tcp', fromPort: 22, toPort: 22, cidr: '203.0.113.0/24' }];

  it('is one for all of its VMs, and follows the configuration', async () => {
    const marker = markerOf();
    const open = connect(new RequestGate(), { ingress });
    const ids = (await Promise.all([1, 2, 3].map(() => ensureSecurityGroups(open, marker, context)))).flat();
    expect(new Set(ids).size).toBe(1);
    const ports = async () =>
      (await cloud.client.network.securityGroups.get(ids[0]!, context))?.security_group_rules.map(
        ({ direction, port_range_min }) => `${direction} ${port_range_min ?? 'all'}`,
      );
    expect((await ports())?.toSorted()).toEqual([
      'egress all',
      'egress all',
      'ingress 22',
      'ingress all',
      'ingress all',
    ]);
    await ensureSecurityGroups(cloud, marker, context);
    expect(await ports()).not.toContain('ingress 22');
  });

  it('has what VMs of gateways that make it at once have in common', async () => {
    // As often as makes it certain that both orders of ids come up.
    for (let attempt = 0; attempt < 12; attempt += 1) {
      const marker = markerOf();
      let first: readonly string[] = [];
      class LateGate extends RequestGate {
        private begun = 0;
        // After the token, and after it saw that there is no group.
        override async run<T>(signal: AbortSignal, send: () => Promise<T>): Promise<T> {
          this.begun += 1;
          if (this.begun === 3) first = await ensureSecurityGroups(cloud, marker, context);
          return super.run(signal, send);
        }
      }
      const second = await ensureSecurityGroups(connect(new LateGate()), marker, context);
      expect(first).toHaveLength(1);
      expect(second).toEqual(expect.arrayContaining([...first]));
      await removeIdleSecurityGroup(cloud, marker, context);
      expect(await cloud.client.network.securityGroups.get(first[0]!, context)).toBeNull();
    }
  });

  it('goes with the last network, and not while a card has it', async () => {
    const spec = specOf('ISOLATED');
    const network = await made(spec);
    const [id = ''] = await ensureSecurityGroups(cloud, spec.marker, context);
    await removeIdleSecurityGroup(cloud, spec.marker, context);
    expect(await cloud.client.network.securityGroups.get(id, context)).not.toBeNull();
    const other = await made(specOf('ISOLATED'));
    const server = await serverOn(other, id);
    await deleteNetwork(cloud, { externalId: network, marker: spec.marker }, context);
    expect(await cloud.client.network.securityGroups.get(id, context)).not.toBeNull();
    await removed(server);
    await removeIdleSecurityGroup(cloud, spec.marker, context);
    expect(await cloud.client.network.securityGroups.get(id, context)).toBeNull();
  });
});

describe('a floating IP', () => {
  it('is given to a VM on a NAT network, once, and given back', async () => {
    const open = connect(new RequestGate(), { floatingIps: true });
    const isolated = await made(specOf('ISOLATED'));
    const nat = await made(specOf('NAT'));
    const serverId = await serverOn(nat);
    const marker = markerOf({ objectId: newId('vm') });
    const vm = { marker, serverId, networkIds: [isolated, nat] };
    const addresses = () => cloud.client.network.floatingIps.list({}, context);
    await ensureFloatingIp(cloud, vm, context);
    expect(await addresses()).toEqual([]);
    await Promise.all([ensureFloatingIp(open, vm, context), ensureFloatingIp(open, vm, context)]);
    await ensureFloatingIp(open, vm, context);
    const [port] = await cloud.client.network.ports.list({ device_id: serverId }, context);
    expect(await addresses()).toMatchObject([{ port_id: port?.id }]);
    await releaseFloatingIps(open, markerOf(), context);
    expect(await addresses()).toHaveLength(1);
    await releaseFloatingIps(open, marker, context);
    expect(await addresses()).toEqual([]);
  });
});
