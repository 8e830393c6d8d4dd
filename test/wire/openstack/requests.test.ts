import { FakeCloud, send } from './fake-cloud';
import type { Handler } from './fake-cloud';
import { call, clientOf } from './start-client';

const SERVERS = 'GET /compute/v2.1/servers/detail';
const SERVER = {
  name: 'web',
  status: 'ACTIVE',
  metadata: {},
  flavor: { vcpus: 1, ram: 512, disk: 1, original_name: 'm1.tiny' },
  created: '2026-01-01T00:00:00Z',
  updated: '2026-01-01T00:00:00Z',
};

let cloud: FakeCloud;
let client: ReturnType<typeof clientOf>;

async function start(handlers: Record<string, Handler>): Promise<void> {
  cloud = await FakeCloud.start(handlers);
  client = clientOf(cloud);
}

afterEach(async () => {
  client.close();
  await cloud.stop();
});

const bad = { name: 'TransportError', reason: 'BAD_ANSWER' };

describe('a list', () => {
  const ids = Array.from({ length: 7 }, (_, n) => `id-${n}`);
  const from = (marker: string | null): number => (marker === null ? 0 : ids.indexOf(marker) + 1);

  it('is read page by page, however short the pages of the cloud are', async () => {
    await start({
      [SERVERS]: (response, { query }) => {
        const page = ids.slice(from(query.get('marker')), from(query.get('marker')) + 3);
        const more = page.at(-1) !== ids.at(-1);
        const links = more ? [{ rel: 'next', href: 'http://elsewhere.example/' }] : undefined;
        send(response, 200, { servers: page.map((id) => ({ ...SERVER, id })), servers_links: links });
      },
    });
    const found = await client.compute.servers.list(
      { tags: ['a', 'b'], changesSince: '2026-01-01T00:00:00Z' },
      call(),
    );
    expect(found.map(({ id }) => id)).toEqual(ids);
    const asked = cloud.calls.filter(({ method }) => method === 'GET').map(({ query }) => query);
    expect(asked.map((query) => query.get('marker'))).toEqual([null, 'id-2', 'id-5']);
    expect(asked[0]?.get('tags')).toBe('a,b');
    expect(asked[0]?.get('changes-since')).toBe('2026-01-01T00:00:00Z');
  });

  it('ends although the cloud always tells of more', async () => {
    await start({
      'GET /image/v2/images': (response) => {
        const image = { id: 'same', status: 'active', min_disk: 0, min_ram: 0, created_at: '' };
        send(response, 200, { images: [image], next: '/v2/images?marker=same' });
      },
    });
    await client.image.list({ name: 'x' }, call());
    expect(cloud.times('GET /image/v2/images')).toBe(2);
  });

  it('may be asked for several values of a filter', async () => {
    await start({ 'GET /network/v2.0/ports': (response) => send(response, 200, { ports: [] }) });
    await client.network.ports.list({ device_id: ['a', 'b'] }, call());
    expect(cloud.calls.at(-1)?.query.getAll('device_id')).toEqual(['a', 'b']);
  });
});

describe('an answer', () => {
  it('has the pinned microversion', async () => {
    await start({ [SERVERS]: (response) => send(response, 200, { servers: [] }) });
    await client.compute.servers.list({}, call());
    expect(cloud.calls.at(-1)?.headers['openstack-api-version']).toBe('compute 2.93');
  });

  it.each([
    ['no JSON', '<html>'],
    ['no object', '[]'],
    ['a server without an id', { servers: [SERVER] }],
    ['metadata that is no text', { servers: [{ ...SERVER, id: 'x', metadata: { a: { b: 1 } } }] }],
  ])('that is nonsense is a bad one: %s', async (_what, body) => {
    await start({ [SERVERS]: (response) => send(response, 200, body) });
    await expect(client.compute.servers.list({}, call())).rejects.toMatchObject(bad);
  });

  it('may not be endless', async () => {
    await start({
      [SERVERS]: (response) => {
        const chunk = Buffer.alloc(1024 * 1024, ' ');
        const more = (): void => void (response.destroyed || response.write(chunk, () => setImmediate(more)));
        more();
      },
    });
    await expect(client.compute.servers.list({}, call())).rejects.toMatchObject(bad);
  });

  it('may not lead the token elsewhere', async () => {
    await start({
      [SERVERS]: (response) => send(response, 302, '', { location: `${cloud.url}/elsewhere` }),
      'GET /elsewhere': (response) => send(response, 200, { servers: [] }),
    });
    await expect(client.compute.servers.list({}, call())).rejects.toMatchObject({ status: 302 });
    expect(cloud.times('GET /elsewhere')).toBe(0);
  });

  it('has to come in time', async () => {
    await start({ [SERVERS]: () => undefined });
    client = clientOf(cloud, { callTimeoutMs: 50 });
    await expect(client.compute.servers.list({}, call())).rejects.toMatchObject({ reason: 'TIMEOUT' });
  });

  it('is not waited for when the caller gives up, or the client is closed', async () => {
    const leaving = new AbortController();
    await start({ [SERVERS]: () => leaving.abort(new Error('gone')) });
    await expect(client.compute.servers.list({}, call(leaving.signal))).rejects.toThrow('gone');
    cloud.handlers[SERVERS] = () => client.close();
    await expect(client.compute.servers.list({}, call())).rejects.toMatchObject({ reason: 'CLOSED' });
    await expect(client.compute.servers.list({}, call())).rejects.toMatchObject({ reason: 'CLOSED' });
  });

  it('may be cut off', async () => {
    await start({ [SERVERS]: (response) => void response.socket?.destroy() });
    await expect(client.compute.servers.list({}, call())).rejects.toMatchObject({ reason: 'CUT_OFF' });
  });
});

it('says that nobody is there', async () => {
  await start({});
  await cloud.stop();
  await expect(client.projectId(call())).rejects.toMatchObject({ reason: 'UNREACHABLE' });
});

describe('what is not there', () => {
  const path = '/compute/v2.1/servers/gone';

  it('is null, or nothing to remove, where the service says so', async () => {
    const absent: Handler = (response) =>
      send(response, 404, { itemNotFound: { code: 404, message: 'Instance gone could not be found.' } });
    await start({ [`GET ${path}`]: absent, [`DELETE ${path}`]: absent });
    await expect(client.compute.servers.get('gone', call())).resolves.toBeNull();
    await expect(client.compute.servers.delete('gone', call())).resolves.toBe(false);
  });

  it('is not believed to be gone where it is not the service that says so', async () => {
    await start({ [`GET ${path}`]: (response) => send(response, 404, '<html>No backend</html>') });
    await expect(client.compute.servers.get('gone', call())).rejects.toMatchObject({
      status: 404,
      type: null,
    });
  });
});

describe('the way of the requests', () => {
  it('is the one that was given, and it is told what was throttled', async () => {
    let refusals = 2;
    await start({
      [SERVERS]: (response) => {
        refusals -= 1;
        if (refusals >= 0)
          send(response, 429, { overLimit: { code: 429, message: 'Slow down.' } }, { 'retry-after': '7' });
        else send(response, 200, { servers: [] });
      },
    });
    const seen: unknown[] = [];
    client = clientOf(cloud, {
      requests: {
        run: async (_signal, request) => {
          for (;;) {
            try {
              return await request();
            } catch (error) {
              seen.push(error);
            }
          }
        },
      },
    });
    await expect(client.compute.servers.list({}, call())).resolves.toEqual([]);
    expect(seen).toHaveLength(2);
    expect(seen[1]).toMatchObject({ status: 429, type: 'overLimit', retryAfterMs: 7_000, throttled: true });
  });

  it('carries no more requests at once than are allowed', async () => {
    let open = 0;
    let most = 0;
    await start({
      [SERVERS]: (response) => {
        open += 1;
        most = Math.max(most, open);
        setImmediate(() => {
          open -= 1;
          send(response, 200, { servers: [] });
        });
      },
    });
    client = clientOf(cloud, { maxConnections: 2 });
    await Promise.all(Array.from({ length: 9 }, () => client.compute.servers.list({}, call())));
    expect(most).toBeLessThanOrEqual(2);
    expect(cloud.times(SERVERS)).toBe(9);
  });
});

it('refuses a Nova that is too old', async () => {
  const version = { id: 'v2.1', version: '2.90', min_version: '2.1' };
  await start({ 'GET /compute/v2.1/': (response) => send(response, 200, { version }) });
  await expect(client.compute.version(call())).rejects.toThrow('2.93');
});

describe('an error', () => {
  it('tells nothing of what is secret, although the service cites the request', async () => {
    const cite: Handler = (response, { body, headers }) =>
      send(response, 400, {
        badRequest: { code: 400, message: `Value: ${body} ${JSON.stringify(headers)}` },
      });
    await start({ 'POST /compute/v2.1/servers': cite, 'POST /compute/v2.1/os-keypairs': cite });
    const server = { name: 'web', imageRef: 'i', flavorRef: '1', networks: 'none', metadata: {} } as const;
    const { compute } = client;
    const errors: unknown[] = await Promise.all([
      compute.servers
        .create({ ...server, user_data: 'bXkgc2VjcmV0' }, call())
        .catch((error: unknown) => error),
      compute
        .createKeypair({ name: 'k', public_key: 'ssh-rsa AAAA' }, call())
        .catch((error: unknown) => error),
    ]);
    expect(errors).toMatchObject([{ status: 400 }, { status: 400 }]);
    expect(errors.join()).not.toMatch(/bXkgc2VjcmV0|ssh-rsa|token-1/);
  });
});
