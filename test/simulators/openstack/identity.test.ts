import { Stage } from './stage';
import type { Json } from './stage';

describe('the simulated Keystone', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  it('gives a scoped token and the addresses of the services', async () => {
    const { status, headers, body } = await stage.authenticate(stage.password());
    expect(status).toBe(201);
    expect(headers.get('x-subject-token')).toMatch(/^gAAAAA/);
    expect(body.token).toMatchObject({
      methods: ['password'],
      user: { name: 'demo', domain: { id: 'default', name: 'Default' } },
      project: { name: 'demo' },
      roles: [{ name: 'member' }, { name: 'reader' }],
    });
    const urls = body.token.catalog.map((entry: Json) => [entry.type, entry.endpoints[0].url]);
    expect(Object.fromEntries(urls)).toEqual({
      identity: `${stage.origin}/identity`,
      compute: `${stage.origin}/compute/v2.1`,
      image: `${stage.origin}/image`,
      network: `${stage.origin}/network`,
    });
  });

  it('refuses whoever is wrong in anything, in the same words', async () => {
    const right = stage.password();
    const wrong = [
      stage.password('wrong'),
      { ...right, scope: { project: { name: 'secret', domain: { name: 'Default' } } } },
      { ...right, scope: { project: { name: 'demo', domain: { name: 'Elsewhere' } } } },
      { identity: { methods: ['application_credential'], application_credential: { id: 'x', secret: 'y' } } },
    ];
    for (const auth of wrong) {
      const { status, body } = await stage.authenticate(auth);
      expect([status, body.error]).toEqual([
        401,
        {
          code: 401,
          message: 'The request you have made requires authentication.',
          title: 'Unauthorized',
        },
      ]);
    }
    expect(await stage.authenticate({})).toMatchObject({ status: 400, body: { error: { code: 400 } } });
  });

  it('lets a program in by an application credential until it is deleted', async () => {
    const { body: own } = await stage.call('GET', '/identity/v3/auth/tokens', {
      headers: { 'x-subject-token': stage.token },
    });
    const path = `/identity/v3/users/${own.token.user.id}/application_credentials`;
    const created = await stage.call('POST', path, { body: { application_credential: { name: 'robot' } } });
    expect(created.status).toBe(201);
    const { id, secret } = created.body.application_credential;
    const auth = {
      identity: { methods: ['application_credential'], application_credential: { id, secret } },
    };
    const { status, headers, body } = await stage.authenticate(auth);
    expect([status, body.token.project.name]).toEqual([201, 'demo']);
    const scope = { project: { name: 'demo', domain: { name: 'Default' } } };
    expect((await stage.authenticate({ ...auth, scope })).status).toBe(401);
    const token = headers.get('x-subject-token') ?? '';
    expect((await stage.call('GET', '/compute/v2.1/servers', { token })).status).toBe(200);
    const another = { application_credential: { name: 'another' } };
    expect((await stage.call('POST', path, { token, body: another })).status).toBe(403);
    expect((await stage.call('DELETE', `${path}/${id}`, { token })).status).toBe(403);
    expect((await stage.call('DELETE', `${path}/${id}`)).status).toBe(204);
    expect((await stage.call('GET', '/compute/v2.1/servers', { token })).status).toBe(401);
    expect((await stage.authenticate(auth)).status).toBe(401);
  });

  it('believes no method that is named beside another before it was tried too', async () => {
    const { identity, scope } = stage.password('wrong');
    const token = { id: stage.token };
    const auth = { identity: { ...identity, methods: ['token', 'password'], token }, scope };
    expect((await stage.authenticate(auth)).status).toBe(401);
  });

  it('gives no token that outlives the one, or the credential, by which it was got', async () => {
    const shown = async (token: string) =>
      (await stage.call('GET', '/identity/v3/auth/tokens', { headers: { 'x-subject-token': token } })).body
        .token;
    const { user, expires_at: end } = await shown(stage.token);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const got = await stage.authenticate({
      identity: { methods: ['token'], token: { id: stage.token } },
    });
    expect(got.body.token.expires_at).toBe(end);
    const soon = new Date(Date.now() + 60_000).toISOString();
    const { body } = await stage.call('POST', `/identity/v3/users/${user.id}/application_credentials`, {
      body: { application_credential: { name: 'short', expires_at: soon } },
    });
    const { id, secret } = body.application_credential;
    const identity = { methods: ['application_credential'], application_credential: { id, secret } };
    const { expires_at: until } = (await stage.authenticate({ identity })).body.token;
    expect(Date.parse(until)).toBe(Date.parse(soon));
  });

  it('checks the token on every service, each in its own words', async () => {
    for (const path of ['/compute/v2.1/servers', '/network/v2.0/networks', '/identity/v3/auth/catalog']) {
      const { status, headers, body } = await stage.call('GET', path, { token: 'forged' });
      expect([status, body.error.code]).toEqual([401, 401]);
      expect(headers.get('www-authenticate')).toBe(`Keystone uri="${stage.origin}/identity"`);
    }
    const glance = await stage.call('GET', '/image/v2/images', { token: null });
    expect([glance.status, typeof glance.body]).toEqual([401, 'string']);
  });

  it('forgets tokens that are revoked or have expired', async () => {
    const short = await Stage.open({ tokenMs: 1 });
    try {
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect((await short.nova('GET', '/servers')).status).toBe(401);
    } finally {
      await short.close();
    }
    await stage.login();
    stage.simulator.tokens.revokeAll();
    expect((await stage.nova('GET', '/servers')).status).toBe(401);
    await stage.login();
    expect((await stage.nova('GET', '/servers')).status).toBe(200);
  });

  it('describes its versions without a token', async () => {
    const get = (path: string) => stage.call('GET', path, { token: null });
    expect((await get('/identity')).status).toBe(300);
    expect((await get('/identity/v3')).body.version).toMatchObject({ id: 'v3.14', status: 'stable' });
    const { version } = (await get('/compute/v2.1/')).body;
    expect(version).toMatchObject({ id: 'v2.1', version: '2.93', min_version: '2.1' });
    expect((await get('/compute')).body.versions).toHaveLength(1);
    expect((await get('/image')).status).toBe(300);
    expect((await get('/network/')).body.versions[0].id).toBe('v2.0');
  });
});
