import { Stage } from './stage';
import type { Json } from './stage';

describe('lists of servers', () => {
  let stage: Stage;

  beforeEach(async () => {
    stage = await Stage.open({ vms: 3, projectVms: 5 });
  });
  afterEach(() => stage.close());

  const list = async (query = '') => (await stage.nova('GET', `/servers/detail${query}`)).body;
  const names = async (query = '') => (await list(query)).servers.map(({ name }: Json) => name).sort();

  it('shows the own project alone, and nobody all of them', async () => {
    expect(await names()).toEqual([
      'server-0000',
      'server-0001',
      'server-0002',
      'server-0003',
      'server-0004',
    ]);
    const stranger = stage.simulator.control.servers().find(({ name }) => name === 'other-0000');
    expect((await stage.nova('GET', `/servers/${stranger?.id}`)).status).toBe(404);
    expect((await stage.nova('DELETE', `/servers/${stranger?.id}`)).status).toBe(404);
    expect((await stage.nova('GET', '/servers/detail?all_tenants=1')).status).toBe(403);
  });

  it('gives pages with a link to the next one', async () => {
    const seen: string[] = [];
    let path = '/servers/detail?limit=2&name=server';
    for (let pages = 0; pages < 3; pages += 1) {
      const { body } = await stage.nova('GET', path);
      seen.push(...body.servers.map(({ id }: Json) => id));
      const href: string | undefined = body.servers_links?.[0].href;
      expect(href === undefined).toBe(pages === 2);
      if (href !== undefined) path = href.slice(`${stage.origin}/compute/v2.1`.length);
    }
    expect(new Set(seen).size).toBe(5);
    const gone = await stage.nova('GET', '/servers?marker=11111111-1111-4111-8111-111111111111');
    expect([gone.status, gone.body.badRequest.message]).toEqual([
      400,
      'marker [11111111-1111-4111-8111-111111111111] not found',
    ]);
    expect((await stage.nova('GET', '/servers?limit=many')).status).toBe(400);
  });

  it('filters by name as a regular expression, and by status', async () => {
    expect(await names('?name=^server-000[12]$')).toEqual(['server-0001', 'server-0002']);
    const [{ id }] = (await list('?name=0003')).servers;
    stage.simulator.control.powerOffBehindBack(id);
    expect(await names('?status=SHUTOFF')).toEqual(['server-0003']);
    expect((await stage.nova('GET', '/servers/detail?status=foo')).body.badRequest.message).toBe(
      'Invalid status value',
    );
    expect((await stage.nova('GET', '/servers/detail?status=DELETED')).status).toBe(403);
    for (const query of ['name=[', 'name=^(a%2B)%2B$', 'name=a*a*a*b', 'bogus=1', 'sort_key=nope']) {
      expect((await stage.nova('GET', `/servers?${query}`)).status).toBe(400);
    }
  });

  it('tells what has changed, deleted servers included, without their words', async () => {
    const { id } = await stage.created({ name: 'fleeting', metadata: { owner: 'me' } });
    const { updated } = await stage.show(id);
    expect((await stage.nova('DELETE', `/servers/${id}`)).status).toBe(204);
    await stage.untilGone(id);
    expect(await names('?name=fleeting')).toEqual([]);
    const { servers } = await list(`?name=fleeting&changes-since=${updated}`);
    expect(servers).toHaveLength(1);
    expect(servers[0]).toMatchObject({
      id,
      status: 'DELETED',
      'OS-EXT-STS:vm_state': 'deleted',
      metadata: {},
      addresses: {},
    });
    expect(await names('?changes-since=2100-01-01T00:00:00Z')).toEqual([]);
    expect((await stage.nova('GET', '/servers/detail?changes-since=zz')).status).toBe(400);
  });

  it('deletes in its own time, may be told twice, and takes the ports with it', async () => {
    const networks = [{ uuid: await stage.networkId('shared') }];
    const { id } = await stage.created({ networks });
    const ports = async () => (await stage.neutron('GET', `/ports?device_id=${id}`)).body.ports;
    expect(await ports()).toHaveLength(1);
    stage.simulator.control.pauseCompute();
    for (let time = 0; time < 2; time += 1) {
      expect((await stage.nova('DELETE', `/servers/${id}`)).status).toBe(204);
    }
    expect(await stage.show(id)).toMatchObject({ status: 'ACTIVE', 'OS-EXT-STS:task_state': 'deleting' });
    stage.simulator.control.startCompute();
    await stage.untilGone(id);
    expect(await ports()).toEqual([]);
  });

  it('hides a new server for as long as the lag is', async () => {
    const late = await Stage.open({ lagMs: 600_000 });
    try {
      const { id } = (await late.create()).body.server;
      expect((await late.nova('GET', `/servers/${id}`)).status).toBe(404);
      expect((await late.nova('GET', '/servers')).body.servers).toEqual([]);
      expect(late.simulator.control.servers().some((server) => server.id === id)).toBe(true);
    } finally {
      await late.close();
    }
  });
});
