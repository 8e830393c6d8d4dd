import { OpenStackIntruder } from '../../providers/openstack/intruder';
import { Tenant } from '../../providers/openstack/tenant';
import { SimulatedClouds } from '../support/simulated-clouds';

// Each command is a process that loads half of Debian's OpenStack, and logs in.
jest.setTimeout(300_000);

describe('the command line of OpenStack and the simulated cloud', () => {
  let clouds: SimulatedClouds;

  beforeAll(async () => {
    clouds = await SimulatedClouds.start();
  });

  afterAll(async () => {
    await clouds.stop();
  });

  test('logs in, finds every service, and is told when the password is wrong', async () => {
    const token = await clouds.openstack('token issue');
    expect(token).toMatchObject({ id: expect.stringMatching(/^gAAAA/), project_id: expect.any(String) });
    expect(Date.parse(token.expires)).toBeGreaterThan(Date.now());
    const catalog = await clouds.openstack('catalog list');
    const types = catalog.map(({ Type }: { Type: string }) => Type);
    expect(types).toEqual(expect.arrayContaining(['compute', 'identity', 'image', 'network']));
    const refusal = await clouds.openstackRefusal({ OS_PASSWORD: 'wrong' }, 'token issue');
    expect(refusal).toContain('(HTTP 401)');
  });

  test('makes a server on a network of its own, sees it everywhere, stops and deletes it', async () => {
    const network = await clouds.openstack('network create', 'web');
    expect(network).toMatchObject({ name: 'web', status: 'ACTIVE', subnets: [] });
    const subnet = ['--network', 'web', '--subnet-range', '10.8.0.0/24', 'web4'];
    expect(await clouds.openstack('subnet create', ...subnet)).toMatchObject({ gateway_ip: '10.8.0.1' });

    const order = ['--image', 'cirros', '--flavor', 'm1.tiny', '--network', 'web', '--property', 'tier=gold'];
    const made = await clouds.openstack('server create --wait', ...order, 'made');
    const seen = {
      name: 'made',
      status: 'ACTIVE',
      flavor: 'm1.tiny (1)',
      image: expect.stringMatching(/^cirros /),
      properties: { tier: 'gold' },
      addresses: { web: [expect.stringMatching(/^10\.8\.0\.\d+$/)] },
    };
    expect(made).toMatchObject({ ...seen, id: expect.any(String) });
    expect(await clouds.openstack('server show', 'made')).toMatchObject({ ...seen, id: made.id });
    const listed = { ID: made.id, Name: 'made', Image: 'cirros', Flavor: 'm1.tiny' };
    expect(await clouds.openstack('server list')).toMatchObject([{ ...listed, Status: 'ACTIVE' }]);
    const other = new OpenStackIntruder(clouds.openstackAccess);
    expect(await other.server(made.id)).toMatchObject({ status: 'ACTIVE', metadata: { tier: 'gold' } });

    await clouds.openstackQuietly('server stop', 'made');
    await other.becomes(made.id, 'SHUTOFF');
    expect(await clouds.openstack('server list')).toMatchObject([{ ...listed, Status: 'SHUTOFF' }]);
    await clouds.openstackQuietly('server delete --wait', 'made');
    expect(await clouds.openstack('server list')).toEqual([]);
    expect(await other.server(made.id)).toBeNull();
    await clouds.openstackQuietly('network delete', 'web');
    expect(await clouds.openstackRefusal({}, 'network show web')).toContain('No Network found for web');
  });

  test("shows what the gateway's provider made, and deletes it behind its back", async () => {
    const server = { ...clouds.openstackAccess, stop: () => Promise.resolve() };
    const tenant = await Tenant.enter(server, { timeoutMs: 60_000 });
    const spec = await tenant.spec({ labels: { tier: 'silver' } });
    const vm = await tenant.create(spec);

    const shown = await clouds.openstack('server show', vm.externalId);
    expect(shown).toMatchObject({
      name: 'tried',
      status: 'ACTIVE',
      properties: { tier: 'silver', 'hypergate:tenant': spec.marker.tenantId },
    });
    expect(Object.values(shown.addresses).flat()).toEqual([expect.stringMatching(/^10\.95\.0\.\d+$/)]);
    const networks: { ID: string }[] = await clouds.openstack('network list');
    expect(networks.map(({ ID }) => ID)).toContain(vm.nics[0]?.networkExternalId);

    await clouds.openstackQuietly('server delete --wait', vm.externalId);
    const ref = { externalId: vm.externalId, marker: spec.marker };
    expect(await tenant.provider.getVm(ref, tenant.context)).toBeNull();
    await tenant.leave();
  });
});
