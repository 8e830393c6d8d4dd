import { request } from 'node:http';
import { Stage } from './stage';

describe('what goes wrong with requests', () => {
  it('throttles by a bucket, and says when to come again', async () => {
    const stage = await Stage.open({ rateLimit: { burst: 3, perSecond: 0.001 } });
    try {
      const answers = [];
      for (let at = 0; at < 3; at += 1) answers.push(await stage.nova('GET', '/flavors'));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
      expect(answers[2]?.body.overLimit).toMatchObject({ code: 429 });
      expect(Number(answers[2]?.headers.get('retry-after'))).toBeGreaterThan(100);
      expect((await stage.neutron('GET', '/networks')).body.NeutronError.type).toBe('OverLimit');
    } finally {
      await stage.close();
    }
  });

  it('strikes requests by their names', async () => {
    const stage = await Stage.open();
    const { faults, control } = stage.simulator;
    try {
      const { id } = await stage.created();
      const network = await stage.networkId('shared');
      const calls: readonly (readonly [string, () => Promise<{ status: number }>])[] = [
        ['POST tokens', () => stage.authenticate(stage.password())],
        ['GET servers', () => stage.nova('GET', '/servers')],
        ['GET servers/detail', () => stage.nova('GET', '/servers/detail?limit=1')],
        ['GET servers/id', () => stage.nova('GET', `/servers/${id}`)],
        ['GET flavors/id', () => stage.nova('GET', '/flavors/1')],
        ['POST servers/action:os-stop', () => stage.action(id, { 'os-stop': null })],
        ['POST servers/metadata', () => stage.nova('POST', `/servers/${id}/metadata`, { metadata: {} })],
        ['GET images', () => stage.call('GET', '/image/v2/images')],
        ['GET networks/id', () => stage.neutron('GET', `/networks/${network}`)],
        ['PUT networks/tags/id', () => stage.neutron('PUT', `/networks/${network}/tags/blue`)],
        [
          'PUT routers/add_router_interface',
          () => stage.neutron('PUT', `/routers/${id}/add_router_interface`, {}),
        ],
      ];
      for (const [name, call] of calls) {
        faults.next('unavailable', name);
        expect([name, (await call()).status]).toEqual([name, 503]);
      }
      expect(faults.count('unavailable')).toBe(calls.length);

      const before = control.servers().length;
      faults.next('loseReply', 'POST servers');
      await expect(stage.create({ name: 'unheard' })).rejects.toThrow();
      expect(control.servers()).toHaveLength(before + 1);

      faults.next('notAuthenticated', 'GET servers');
      expect((await stage.nova('GET', '/servers')).status).toBe(401);
    } finally {
      await stage.close();
    }
  });

  it('refuses a request whose address cannot be read', async () => {
    const stage = await Stage.open();
    try {
      const ask = (path: string, host: string): Promise<number | undefined> =>
        new Promise((resolve, reject) => {
          const options = { path, headers: { host }, agent: false };
          request(stage.origin, options, ({ statusCode }) => resolve(statusCode))
            .on('error', reject)
            .end();
        });
      expect(await ask('//', 'localhost')).toBe(400);
      expect(await ask('/identity/v3', 'no host')).toBe(400);
    } finally {
      await stage.close();
    }
  });

  it('makes no more servers at once than it bears, whatever the quota says', async () => {
    const stage = await Stage.open({ lateQuota: true });
    try {
      expect((await stage.create({ min_count: 5_000_000_000 })).status).toBe(400);
      expect((await stage.create({ min_count: 1_001 })).status).toBe(400);
    } finally {
      await stage.close();
    }
  });

  it('refuses connections for as long as it is told to', async () => {
    const stage = await Stage.open();
    try {
      stage.simulator.refuseConnections(true);
      await expect(stage.nova('GET', '/servers')).rejects.toThrow();
      stage.simulator.refuseConnections(false);
      expect((await stage.nova('GET', '/servers')).status).toBe(200);
    } finally {
      await stage.close();
    }
  });

  it('does not stumble over anything that is sent', async () => {
    const stage = await Stage.open();
    try {
      const broken = await stage.call('POST', '/compute/v2.1/servers', { body: '{x' });
      expect(broken.body).toEqual({ badRequest: { code: 400, message: 'Malformed request body' } });
      const neutron = await stage.call('POST', '/network/v2.0/networks', { body: '{x' });
      expect(neutron.body.NeutronError.message).toBe('Body contains invalid data');
      const paths = [
        '/nowhere',
        '/compute/v2.1/nonsense',
        '/network/v2.0/nope',
        '/image/v2/nope',
        '/identity/v3/x',
      ];
      for (const path of paths) expect((await stage.call('GET', path)).status).toBe(404);
      for (const body of [[], null, 'text', 5, { server: [] }, { server: null }, { server: { name: {} } }]) {
        expect((await stage.nova('POST', '/servers', body)).status).toBe(400);
      }
      for (const path of ['/compute/v2.1/servers/%E0%A4%A', '/compute/v2.1/flavors/constructor']) {
        expect((await stage.call('GET', path)).status).toBe(404);
      }
    } finally {
      await stage.close();
    }
  });
});
