import { Stage } from './stage';
import type { Json } from './stage';

const NOWHERE = '11111111-1111-4111-8111-111111111111';

describe('the simulated Nova', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open({ vms: 3, projectVms: 1 });
  });
  afterAll(() => stage.close());

  it('takes the microversion from either header and refuses what it does not know', async () => {
    const get = (headers: Record<string, string>) =>
      stage.call('GET', '/compute/v2.1/servers', { headers: { 'openstack-api-version': '', ...headers } });
    expect((await get({})).headers.get('openstack-api-version')).toBe('compute 2.1');
    expect((await get({ 'x-openstack-nova-api-version': '2.60' })).headers.get('openstack-api-version')).toBe(
      'compute 2.60',
    );
    const latest = await get({ 'openstack-api-version': 'identity 3, compute latest' });
    expect(latest.headers.get('x-openstack-nova-api-version')).toBe('2.93');
    const beyond = await get({ 'openstack-api-version': 'compute 2.94' });
    expect(beyond).toMatchObject({ status: 406, body: { computeFault: { code: 406 } } });
    expect((await get({ 'openstack-api-version': 'compute two' })).status).toBe(400);
  });

  it('takes a server through its stages, in which it can do nothing else', async () => {
    const network = await stage.networkId('shared');
    const metadata = { 'x-delay': '600', owner: 'me' };
    const networks = [{ uuid: network }];
    stage.simulator.control.pauseCompute();
    const { status, headers, body } = await stage.create({ metadata, networks, name: 'staged' });
    expect(status).toBe(202);
    const { id, adminPass } = body.server;
    expect(adminPass).toMatch(/\S{8,}/);
    expect(headers.get('location')).toBe(`${stage.origin}/compute/v2.1/servers/${id}`);
    expect(await stage.show(id)).toMatchObject({
      status: 'BUILD',
      'OS-EXT-STS:vm_state': 'building',
      'OS-EXT-STS:task_state': 'scheduling',
      'OS-EXT-STS:power_state': 0,
      'OS-EXT-SRV-ATTR:hostname': 'staged',
      addresses: {},
      hostId: '',
    });
    expect((await stage.action(id, { 'os-stop': null })).status).toBe(404);
    stage.simulator.control.startCompute();
    await stage.until(id, (server) => server['OS-EXT-STS:task_state'] === 'spawning');
    expect((await stage.action(id, { reboot: { type: 'SOFT' } })).body).toEqual({
      conflictingRequest: {
        code: 409,
        message: `Cannot 'reboot' instance ${id} while it is in vm_state building`,
      },
    });
  });

  it('shows a server that runs in the microversion that was asked for', async () => {
    const networks = [{ uuid: await stage.networkId('shared') }];
    const server = await stage.created({ networks, metadata: { owner: 'me' } });
    const { id } = server;
    expect(server).toMatchObject({
      status: 'ACTIVE',
      'OS-EXT-STS:power_state': 1,
      'OS-EXT-STS:task_state': null,
      metadata: { owner: 'me' },
    });
    expect(server.flavor).toEqual({
      vcpus: 1,
      ram: 512,
      disk: 1,
      ephemeral: 0,
      swap: 0,
      original_name: 'm1.tiny',
      extra_specs: {},
    });
    const { body: ports } = await stage.neutron('GET', `/ports?device_id=${id}`);
    expect(server.addresses.shared).toEqual([
      {
        version: 4,
        addr: ports.ports[0].fixed_ips[0].ip_address,
        'OS-EXT-IPS:type': 'fixed',
        'OS-EXT-IPS-MAC:mac_addr': ports.ports[0].mac_address,
      },
    ]);
    const old = { 'openstack-api-version': 'compute 2.46' };
    const older = await stage.call('GET', `/compute/v2.1/servers/${id}`, { headers: old });
    expect(older.body.server.flavor).toMatchObject({ id: '1' });
    expect(older.body.server).not.toHaveProperty('OS-EXT-SRV-ATTR:hostname');
  });

  it.each([
    [{ networks: undefined }, 400, /'networks' is a required property/],
    [{ name: '' }, 400, /attribute name/],
    [{ unheard: 1 }, 400, /'unheard' was unexpected/],
    [{ flavorRef: '99' }, 400, /Flavor 99 could not be found/],
    [{ imageRef: NOWHERE }, 400, /Can not find requested image/],
    [{ networks: [{ uuid: NOWHERE }] }, 400, /Network .* could not be found/],
    [{ networks: [{ port: NOWHERE }] }, 400, /Port id .* could not be found/],
    [{ security_groups: [{ name: 'nope' }] }, 400, /Unable to find security_group with name or id 'nope'/],
    [{ key_name: 'nope' }, 400, /Invalid key_name/],
    [{ user_data: 'not base64!' }, 400, /is not a 'base64'/],
    [{ user_data: 'A'.repeat(65_536) }, 400, /user_data/],
    [{ hostname: 'bad host' }, 400, /hostname/],
    [{ metadata: { a: 5 } }, 400, /attribute a/],
    [{ metadata: Object.fromEntries(Array.from({ length: 129 }, (_, at) => [at, ''])) }, 403, /exceeds 128/],
  ])('refuses %j', async (change, status, message) => {
    const before = stage.simulator.control.servers().length;
    const answer = await stage.create(change);
    expect(answer.status).toBe(status);
    expect((Object.values(answer.body)[0] as Json).message).toMatch(message);
    expect(stage.simulator.control.servers()).toHaveLength(before);
  });

  it('refuses a flavor whose disk is too small for the image', async () => {
    const answer = await stage.create({ imageRef: await stage.imageId('debian-12') });
    expect(answer.status).toBe(400);
    expect(answer.body.badRequest.message).toMatch(/^Flavor's disk is smaller than the minimum size/);
  });

  it('goes on and off, sleeps and wakes, and says so while it does', async () => {
    const { id } = await stage.created({ name: 'busy' });
    const walk: readonly (readonly [object, string, string, number])[] = [
      [{ 'os-stop': null }, 'powering-off', 'SHUTOFF', 4],
      [{ 'os-start': null }, 'powering-on', 'ACTIVE', 1],
      [{ suspend: null }, 'suspending', 'SUSPENDED', 4],
      [{ resume: null }, 'resuming', 'ACTIVE', 1],
      [{ reboot: { type: 'HARD' } }, 'rebooting_hard', 'ACTIVE', 1],
    ];
    for (const [action, task, status, power] of walk) {
      stage.simulator.control.pauseCompute();
      expect((await stage.action(id, action)).status).toBe(202);
      expect((await stage.show(id))['OS-EXT-STS:task_state']).toBe(task);
      expect((await stage.action(id, action)).status).toBe(409);
      stage.simulator.control.startCompute();
      const reached = await stage.settled(id);
      expect([reached.status, reached['OS-EXT-STS:power_state']]).toEqual([status, power]);
    }
    const wrong = await stage.action(id, { 'os-start': null });
    expect(wrong.body.conflictingRequest.message).toBe(
      `Cannot 'start' instance ${id} while it is in vm_state active`,
    );
    expect((await stage.action(id, { dance: null })).body.badRequest.message).toBe(
      'There is no such action: dance',
    );
    const output = await stage.action(id, { 'os-getConsoleOutput': { length: 1 } });
    expect(output.body.output).toBe('busy login: ');
  });

  it('resizes in two steps, of which the second decides', async () => {
    const { id } = await stage.created({ name: 'growing' });
    const resize = async () => {
      expect((await stage.action(id, { resize: { flavorRef: '2' } })).status).toBe(202);
      const server = await stage.until(id, ({ status }) => status === 'VERIFY_RESIZE');
      expect(server.flavor.original_name).toBe('m1.small');
    };
    await resize();
    expect((await stage.action(id, { revertResize: null })).status).toBe(202);
    expect((await stage.until(id, ({ status }) => status === 'ACTIVE')).flavor.original_name).toBe('m1.tiny');
    await resize();
    expect((await stage.action(id, { 'os-stop': null })).status).toBe(409);
    expect((await stage.action(id, { confirmResize: null })).status).toBe(204);
    expect((await stage.until(id, ({ status }) => status === 'ACTIVE')).flavor.original_name).toBe(
      'm1.small',
    );
    expect((await stage.action(id, { resize: { flavorRef: '2' } })).status).toBe(400);
  });

  it('keeps words on a server, changes and forgets them', async () => {
    const { id } = await stage.created({ metadata: { a: '1' } });
    const path = `/servers/${id}/metadata`;
    expect((await stage.nova('POST', path, { metadata: { b: '2' } })).body.metadata).toEqual({
      a: '1',
      b: '2',
    });
    expect((await stage.nova('PUT', `${path}/c`, { meta: { c: '3' } })).status).toBe(200);
    expect((await stage.nova('PUT', `${path}/c`, { meta: { d: '3' } })).status).toBe(400);
    expect((await stage.nova('DELETE', `${path}/a`)).status).toBe(204);
    expect((await stage.nova('DELETE', `${path}/a`)).status).toBe(404);
    expect((await stage.nova('GET', path)).body.metadata).toEqual({ b: '2', c: '3' });
    const renamed = await stage.nova('PUT', `/servers/${id}`, { server: { name: 'other', hostname: 'oh' } });
    expect(renamed.body.server).toMatchObject({ name: 'other', 'OS-EXT-SRV-ATTR:hostname': 'oh' });
  });

  it('makes an image of a server', async () => {
    const { id } = await stage.created();
    const { status, body } = await stage.action(id, {
      createImage: { name: 'snap', metadata: { own: 'x' } },
    });
    expect(status).toBe(202);
    const path = `/image/v2/images/${body.image_id}`;
    expect((await stage.call('GET', path)).body).toMatchObject({ name: 'snap', status: 'queued', own: 'x' });
    await stage.settled(id);
    expect((await stage.call('GET', path)).body.status).toBe('active');
    expect((await stage.call('DELETE', path)).status).toBe(204);
    expect((await stage.call('GET', path)).status).toBe(404);
    expect((await stage.call('DELETE', `/image/v2/images/${await stage.imageId()}`)).status).toBe(403);
  });

  it('keeps keys by their names', async () => {
    const blob = 'AAAAC3NzaC1lZDI1NTE5AAAAIGJk5xJ5yJ0aWm1cRCiBFqO3m1O3bC7nQK5T2g0yOq5Y';
    const keypair = { name: 'k', type: 'ssh', public_key: `ssh-ed25519 ${blob} me` };
    const made = await stage.nova('POST', '/os-keypairs', { keypair });
    expect(made.status).toBe(201);
    expect(made.body.keypair.fingerprint).toBe('97:b5:0a:7d:2a:55:3b:0f:5e:e7:8d:f7:67:f9:c8:d9');
    expect((await stage.nova('POST', '/os-keypairs', { keypair })).status).toBe(409);
    const junk = { ...keypair, name: 'j', public_key: 'junk' };
    expect((await stage.nova('POST', '/os-keypairs', { keypair: junk })).status).toBe(400);
    expect((await stage.created({ key_name: 'k' })).key_name).toBe('k');
    expect((await stage.nova('DELETE', '/os-keypairs/k')).status).toBe(204);
    expect((await stage.nova('DELETE', '/os-keypairs/k')).status).toBe(404);
  });
});
