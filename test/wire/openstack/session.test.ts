import { FakeCloud, send } from './fake-cloud';
import type { Handler } from './fake-cloud';
import { call, clientOf } from './start-client';

const NETWORKS = 'GET /network/v2.0/networks';
const noNetworks: Handler = (response) => send(response, 200, { networks: [] });
const refuse: Handler = (response) =>
  send(response, 401, { error: { code: 401, title: 'Unauthorized', message: 'Wrong password.' } });

let cloud: FakeCloud;
let client: ReturnType<typeof clientOf>;

beforeEach(async () => {
  cloud = await FakeCloud.start({ [NETWORKS]: noNetworks });
  client = clientOf(cloud);
});

afterEach(async () => {
  jest.restoreAllMocks();
  client.close();
  await cloud.stop();
});

const list = (signal?: AbortSignal) => client.network.networks.list({}, call(signal));

/** Puts the clock by which tokens and refusals are timed forward. */
function advance(ms: number): void {
  const now = performance.now() + ms;
  jest.spyOn(performance, 'now').mockReturnValue(now);
}

describe('signing in', () => {
  it('is done once for all who wait, by name in a domain, for a project', async () => {
    await Promise.all([list(), list(), list()]);
    expect(cloud.signIns).toBe(1);
    const body: unknown = JSON.parse(cloud.calls[0]!.body);
    const domain = { name: 'Default' };
    expect(body).toEqual({
      auth: {
        identity: {
          methods: ['password'],
          password: { user: { name: 'ann', domain, password: 'secret-1' } },
        },
        scope: { project: { name: 'lab', domain } },
      },
    });
    expect(await client.projectId(call())).toBe('project-1');
  });

  it('tells nobody the password that Keystone cites', async () => {
    cloud.handlers['POST /v3/auth/tokens'] = (response, { body }) =>
      send(response, 400, { error: { code: 400, title: 'Bad Request', message: `Cannot read ${body}` } });
    const error: unknown = await list().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ status: 400, message: expect.stringContaining('[redacted]') });
    expect(String(error)).not.toContain('secret-1');
  });

  it('may be done by an application credential, which has a project of its own', async () => {
    client = clientOf(cloud, {
      authUrl: `${cloud.url}/`,
      credentials: { method: 'application_credential', id: 'app-1', secret: 'secret-2' },
    });
    await list();
    expect(JSON.parse(cloud.calls[0]!.body)).toEqual({
      auth: {
        identity: {
          methods: ['application_credential'],
          application_credential: { id: 'app-1', secret: 'secret-2' },
        },
      },
    });
  });

  it('goes on for the others when one of them gives up', async () => {
    let answer = (): void => undefined;
    cloud.handlers['POST /v3/auth/tokens'] = (response) => {
      answer = () => cloud.signIn(response);
      leaving.abort(new Error('gone'));
    };
    const leaving = new AbortController();
    const patient = list();
    await expect(list(leaving.signal)).rejects.toThrow('gone');
    answer();
    await expect(patient).resolves.toEqual([]);
    expect(cloud.signIns).toBe(1);
  });

  it('is done again before the token ends, by the clock of the server', async () => {
    cloud.tokenLifeMs = 1_000_000;
    await list();
    advance(800_000);
    await list();
    expect(cloud.signIns).toBe(1);
    advance(150_000);
    await list();
    expect(cloud.signIns).toBe(2);
  });

  it('is done again, once, when a service does not know the token any more; mutations are repeated too', async () => {
    await list();
    cloud.tokens.clear();
    const network = { id: 'n1', name: 'n', status: 'ACTIVE', subnets: [] };
    cloud.handlers['POST /network/v2.0/networks'] = (response) => send(response, 201, { network });
    await expect(client.network.networks.create({ name: 'n' }, call())).resolves.toMatchObject({ id: 'n1' });
    expect(cloud.signIns).toBe(2);
    expect(cloud.times('POST /network/v2.0/networks')).toBe(2);
  });

  it('leaves a newer token alone', async () => {
    await list();
    cloud.tokens.clear();
    await Promise.all([list(), list(), list()]);
    expect(cloud.signIns).toBe(2);
  });
});

describe('a refused password', () => {
  beforeEach(() => {
    cloud.handlers['POST /v3/auth/tokens'] = refuse;
  });

  it('is believed for a while, and longer each time', async () => {
    const refused = { name: 'OpenStackError', service: 'identity', status: 401 };
    await expect(list()).rejects.toMatchObject(refused);
    await expect(list()).rejects.toMatchObject(refused);
    expect(cloud.signIns).toBe(1);
    advance(10_500);
    await expect(list()).rejects.toMatchObject(refused);
    expect(cloud.signIns).toBe(2);
    advance(10_500);
    await expect(list()).rejects.toMatchObject(refused);
    expect(cloud.signIns).toBe(2);
    advance(10_500);
    await expect(list()).rejects.toMatchObject(refused);
    expect(cloud.signIns).toBe(3);
  });

  it('is forgotten once it is accepted', async () => {
    await expect(list()).rejects.toMatchObject({ status: 401 });
    delete cloud.handlers['POST /v3/auth/tokens'];
    advance(10_500);
    await expect(list()).resolves.toEqual([]);
  });

  it('is not told', async () => {
    const error = await list().catch((thrown: unknown) => thrown);
    expect(JSON.stringify(error) + String(error)).not.toContain('secret-1');
  });
});

it('does not sign in for each call to a service that refuses fresh tokens', async () => {
  cloud.handlers[NETWORKS] = refuse;
  await expect(list()).rejects.toMatchObject({ service: 'network', status: 401 });
  expect(cloud.signIns).toBe(2);
  await expect(list()).rejects.toMatchObject({ status: 401 });
  expect(cloud.signIns).toBe(2);
  cloud.handlers[NETWORKS] = noNetworks;
  advance(10_500);
  await expect(list()).resolves.toEqual([]);
});

it('believes a service that refuses a fresh token once, however many calls hear of it', async () => {
  cloud.handlers[NETWORKS] = refuse;
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => list()));
  expect(results.every(({ status }) => status === 'rejected')).toBe(true);
  cloud.handlers[NETWORKS] = noNetworks;
  advance(10_500);
  await expect(list()).resolves.toEqual([]);
});

it('takes nothing for gone because Keystone has no place to sign in', async () => {
  cloud.handlers['POST /v3/auth/tokens'] = (response) =>
    send(response, 404, { error: { code: 404, title: 'Not Found', message: 'Could not find.' } });
  const missing = { service: 'identity', status: 404 };
  await expect(client.compute.servers.get('s1', call())).rejects.toMatchObject(missing);
  await expect(client.compute.servers.delete('s1', call())).rejects.toMatchObject(missing);
});

describe('the catalog', () => {
  it('is searched by region and interface', async () => {
    cloud.catalog = [
      { type: 'network', url: 'https://127.0.0.1:1/', interface: 'internal', region: 'two' },
      { type: 'network', url: 'https://127.0.0.1:1/', region: 'one' },
      { type: 'network', url: `${cloud.url}/network/v2.0/`, region: 'two' },
    ];
    client = clientOf(cloud, { region: 'two' });
    await expect(list()).resolves.toEqual([]);
  });

  it('has to have the service', async () => {
    cloud.catalog = [];
    await expect(list()).rejects.toMatchObject({ name: 'UnsuitableCloudError' });
  });

  it('leaves no choice between regions to chance', async () => {
    cloud.catalog = [
      { type: 'network', url: cloud.url, region: 'one' },
      { type: 'network', url: cloud.url, region: 'two' },
    ];
    await expect(list()).rejects.toThrow('one, two');
  });

  it('does not send the token out in the clear', async () => {
    cloud.catalog = [{ type: 'network', url: 'http://neutron.example:9696' }];
    await expect(list()).rejects.toMatchObject({ name: 'UnsuitableCloudError' });
  });
});
