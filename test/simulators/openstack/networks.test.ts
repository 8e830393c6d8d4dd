import { Stage } from './stage';
import type { Json } from './stage';

const NOWHERE = '11111111-1111-4111-8111-111111111111';

describe('the simulated Neutron', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  const make = async (path: string, member: string, asked: object): Promise<Json> => {
    const { status, body } = await stage.neutron('POST', `/${path}`, { [member]: asked });
    expect([status, body.NeutronError]).toEqual([201, undefined]);
    return body[member];
  };
  const failure = async (method: string, path: string, body?: unknown) => {
    const { status, body: answer } = await stage.neutron(method, path, body);
    return [status, answer?.NeutronError?.type];
  };
  const network = (name: string, more = {}) => make('networks', 'network', { name, ...more });
  const subnet = (networkId: string, cidr: string) =>
    make('subnets', 'subnet', { network_id: networkId, ip_version: 4, cidr });

  it('makes networks and finds them by what they are', async () => {
    const { id } = await network('blue', { description: 'of mine' });
    const list = async (query: string) => (await stage.neutron('GET', `/networks?${query}`)).body.networks;
    expect((await list('description=of mine')).map((one: Json) => one.id)).toEqual([id]);
    expect((await list('router:external=True')).map((one: Json) => one.name)).toEqual(['public']);
    expect(await list(`id=${id}&id=${NOWHERE}&fields=name`)).toEqual([{ name: 'blue' }]);
    expect(await list('name=green')).toEqual([]);
    expect(await failure('GET', '/networks?colour=blue')).toEqual([400, 'HTTPBadRequest']);
    const { body } = await stage.neutron('GET', '/networks?limit=1');
    expect(body.networks_links[0].href).toContain('marker=');
    expect(await failure('POST', '/networks', { network: { colour: 'blue' } })).toEqual([
      400,
      'HTTPBadRequest',
    ]);
    expect(await failure('DELETE', `/networks/${await stage.networkId('public')}`)).toEqual([
      403,
      'PolicyNotAuthorized',
    ]);
    expect(await failure('DELETE', `/networks/${NOWHERE}`)).toEqual([404, 'NetworkNotFound']);
  });

  it('checks subnets against each other and against reason', async () => {
    const { id } = await network('checked');
    expect(await subnet(id, '10.9.0.77/24')).toMatchObject({
      cidr: '10.9.0.0/24',
      gateway_ip: '10.9.0.1',
      allocation_pools: [{ start: '10.9.0.2', end: '10.9.0.254' }],
    });
    const refused = (cidr: string, of = id) =>
      failure('POST', '/subnets', { subnet: { network_id: of, ip_version: 4, cidr } });
    expect(await refused('10.9.0.128/25')).toEqual([400, 'InvalidInput']);
    expect(await refused('10.9.0.0/33')).toEqual([400, 'InvalidInput']);
    expect(await refused('10.8.0.0/24', NOWHERE)).toEqual([404, 'NetworkNotFound']);
    const { body } = await stage.neutron('POST', '/subnets', {
      subnet: { ip_version: 4, cidr: '10.8.0.0/24' },
    });
    expect(body.NeutronError.message).toContain("Required attribute 'network_id' not specified");
    const other = await network('apart');
    expect((await subnet(other.id, '10.9.0.0/24')).network_id).toBe(other.id);
    const later = await make('subnets', 'subnet', {
      network_id: other.id,
      ip_version: 4,
      cidr: '10.10.0.0/29',
      gateway_ip: null,
    });
    expect(later.allocation_pools).toEqual([{ start: '10.10.0.1', end: '10.10.0.6' }]);
  });

  it('gives ports addresses until there are none left', async () => {
    const { id } = await network('tiny');
    await subnet(id, '10.30.0.0/30');
    const port = await make('ports', 'port', { network_id: id });
    expect(port).toMatchObject({ status: 'DOWN', fixed_ips: [{ ip_address: '10.30.0.2' }] });
    expect(port.mac_address).toMatch(/^fa:16:3e(:[0-9a-f]{2}){3}$/);
    const refused = (more: object) => failure('POST', '/ports', { port: { network_id: id, ...more } });
    expect(await refused({})).toEqual([409, 'IpAddressGenerationFailure']);
    expect(await refused({ fixed_ips: [{ ip_address: '10.30.0.2' }] })).toEqual([
      409,
      'IpAddressAlreadyAllocated',
    ]);
    expect(await refused({ fixed_ips: [{ ip_address: '10.31.0.2' }] })).toEqual([400, 'InvalidIpForNetwork']);
    expect(await failure('DELETE', `/networks/${id}`)).toEqual([409, 'NetworkInUse']);
    expect((await stage.neutron('DELETE', `/ports/${port.id}`)).status).toBe(204);
    expect((await make('ports', 'port', { network_id: id })).fixed_ips[0].ip_address).toBe('10.30.0.2');
  });

  it('leads out by a router, and in by a floating IP', async () => {
    const publicId = await stage.networkId('public');
    const { id } = await network('inner');
    const { id: subnetId } = await subnet(id, '10.40.0.0/24');
    const server = await stage.created({ networks: [{ uuid: id }] });
    const { body } = await stage.neutron('GET', `/ports?device_id=${server.id}&network_id=${id}`);
    const portId = body.ports[0].id;
    const router = await make('routers', 'router', { external_gateway_info: { network_id: publicId } });
    expect(router.external_gateway_info.external_fixed_ips[0].ip_address).toMatch(/^172\.24\./);
    const floating = await make('floatingips', 'floatingip', { floating_network_id: publicId });
    expect(floating).toMatchObject({ status: 'DOWN', port_id: null });
    const lead = (port: string | null) =>
      stage.neutron('PUT', `/floatingips/${floating.id}`, { floatingip: { port_id: port } });
    expect((await lead(portId)).body.NeutronError.type).toBe('ExternalGatewayForFloatingIPNotFound');

    const plug = { subnet_id: subnetId };
    const add = `/routers/${router.id}/add_router_interface`;
    expect((await stage.neutron('PUT', add, plug)).body.subnet_ids).toEqual([subnetId]);
    expect(await failure('PUT', add, plug)).toEqual([400, 'BadRequest']);
    expect((await lead(portId)).body.floatingip).toMatchObject({
      status: 'ACTIVE',
      fixed_ip_address: body.ports[0].fixed_ips[0].ip_address,
      router_id: router.id,
    });
    const addresses = (await stage.show(server.id)).addresses.inner;
    expect(addresses.map((one: Json) => [one['OS-EXT-IPS:type'], one.addr])).toContainEqual([
      'floating',
      floating.floating_ip_address,
    ]);

    const remove = `/routers/${router.id}/remove_router_interface`;
    expect(await failure('PUT', remove, plug)).toEqual([409, 'RouterInterfaceInUseByFloatingIP']);
    expect(await failure('DELETE', `/routers/${router.id}`)).toEqual([409, 'RouterInUse']);
    expect((await lead(null)).body.floatingip).toMatchObject({ status: 'DOWN', fixed_ip_address: null });
    expect((await stage.neutron('PUT', remove, plug)).status).toBe(200);
    expect(await failure('PUT', remove, plug)).toEqual([404, 'RouterInterfaceNotFound']);
    expect((await stage.neutron('DELETE', `/routers/${router.id}`)).status).toBe(204);
    expect((await stage.neutron('DELETE', `/floatingips/${floating.id}`)).status).toBe(204);
    const inner = { floatingip: { floating_network_id: id } };
    expect(await failure('POST', '/floatingips', inner)).toEqual([400, 'BadRequest']);
    await stage.nova('DELETE', `/servers/${server.id}`);
    await stage.untilGone(server.id);
    expect((await stage.neutron('DELETE', `/networks/${id}`)).status).toBe(204);
    expect(await failure('GET', `/subnets/${subnetId}`)).toEqual([404, 'SubnetNotFound']);
  });

  it('keeps groups of rules, each rule once', async () => {
    const group = await make('security-groups', 'security_group', { name: 'web' });
    expect(group.security_group_rules.map((one: Json) => one.direction)).toEqual(['egress', 'egress']);
    const rule = {
      security_group_id: group.id,
      direction: 'ingress',
      protocol: 'tcp',
      port_range_min: 80,
      port_range_max: 80,
    };
    expect((await make('security-group-rules', 'security_group_rule', rule)).ethertype).toBe('IPv4');
    const refused = (change: object) =>
      failure('POST', '/security-group-rules', { security_group_rule: { ...rule, ...change } });
    expect(await refused({})).toEqual([409, 'SecurityGroupRuleExists']);
    expect(await refused({ port_range_max: null })).toEqual([400, 'SecurityGroupInvalidPortRange']);
    expect(await refused({ protocol: null })).toEqual([400, 'SecurityGroupProtocolRequiredWithPorts']);
    expect(await refused({ security_group_id: NOWHERE })).toEqual([404, 'SecurityGroupNotFound']);
    const { id } = await stage.created({
      networks: [{ uuid: await stage.networkId('shared') }],
      security_groups: [{ name: 'web' }],
    });
    expect((await stage.show(id)).security_groups).toEqual([{ name: 'web' }]);
    expect(await failure('DELETE', `/security-groups/${group.id}`)).toEqual([409, 'SecurityGroupInUse']);
    const { body } = await stage.neutron('GET', '/security-groups?name=default');
    expect(body.security_groups).toHaveLength(1);
    expect(await failure('DELETE', `/security-groups/${body.security_groups[0].id}`)).toEqual([
      409,
      'SecurityGroupCannotRemoveDefault',
    ]);
  });

  it('finds objects by their tags', async () => {
    const { id } = await network('tagged');
    const path = `/networks/${id}/tags`;
    expect((await stage.neutron('PUT', path, { tags: ['a', 'b'] })).body).toEqual({ tags: ['a', 'b'] });
    expect((await stage.neutron('PUT', `${path}/c`)).status).toBe(201);
    const found = async (query: string) =>
      (await stage.neutron('GET', `/networks?${query}`)).body.networks.length;
    expect([await found('tags=a,c'), await found('tags=a,z'), await found('tags-any=a,z')]).toEqual([
      1, 0, 1,
    ]);
    expect(await found('name=tagged&not-tags=b')).toBe(0);
    expect((await stage.neutron('DELETE', `${path}/a`)).status).toBe(204);
    expect(await failure('DELETE', `${path}/a`)).toEqual([404, 'TagNotFound']);
    expect((await stage.neutron('GET', path)).body).toEqual({ tags: ['b', 'c'] });
  });

  it('takes cards where they can be: by port, by address, in the one network there is', async () => {
    const { id } = await network('cards');
    expect((await stage.create({ networks: [{ uuid: id }] })).body.badRequest.message).toContain(
      'requires a subnet',
    );
    await subnet(id, '10.50.0.0/24');
    const port = await make('ports', 'port', { network_id: id });
    const server = await stage.created({
      networks: [{ port: port.id }, { uuid: id, fixed_ip: '10.50.0.99' }],
    });
    expect(server.addresses.cards.map(({ addr }: Json) => addr)).toEqual([
      port.fixed_ips[0].ip_address,
      '10.50.0.99',
    ]);
    expect((await stage.create({ networks: [{ port: port.id }] })).status).toBe(409);
    expect((await stage.create({ networks: [{ uuid: id, fixed_ip: '10.51.0.9' }] })).status).toBe(400);
    expect((await stage.create({ networks: [{ uuid: await stage.networkId('public') }] })).status).toBe(403);
    expect((await stage.create({ networks: 'auto' })).status).toBe(409);
    await stage.nova('DELETE', `/servers/${server.id}`);
    await stage.untilGone(server.id);
    expect((await stage.neutron('GET', `/ports?network_id=${id}`)).body.ports).toMatchObject([
      { id: port.id, device_id: '', status: 'DOWN' },
    ]);
  });
});
