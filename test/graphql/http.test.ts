import { AppError } from '../../src/kernel';
import { TOKEN } from './raw-socket';
import { closeGateways, type Gateway, startGateway } from './sample-gateway';

let gateway: Gateway;
beforeEach(async () => {
  gateway = await startGateway();
});
afterEach(closeGateways);

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(gateway.server.url + path, { headers });

describe('who asks', () => {
  it('is known by the token', async () => {
    expect((await gateway.query('{ whoami }')).data).toEqual({ whoami: 'administrator' });
  });

  it.each([
    ['an unknown token', 'Bearer nonsense'],
    ['another scheme', `Basic ${TOKEN}`],
    ['no scheme', TOKEN],
    ['no token', 'Bearer '],
    ['an endless token', `Bearer ${'x'.repeat(5000)}`],
  ])('is answered 401 with %s', async (_title, authorization) => {
    const answer = await gateway.query('{ __typename }', {}, { authorization });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    expect(answer.errors).toEqual([
      { message: expect.any(String), extensions: { code: 'UNAUTHENTICATED', requestId: expect.any(String) } },
    ]);
  });

  it('may read the schema without a token, and nothing else', async () => {
    const answer = await gateway.query('{ whoami }', {}, { authorization: '' });
    expect(answer.status).toBe(401);
    expect(answer.errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
    // Not even told what is wrong with it: validation costs too much to give it away.
    const invalid = await gateway.query('{ nonsense }', {}, { authorization: '' });
    expect(invalid.errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect((await gateway.query('{ __typename }', {}, { authorization: '' })).errors).toEqual([]);
  });

  it.each([
    ['a bug', new Error('connect ECONNREFUSED'), 500, 'INTERNAL'],
    ['a missing database', new AppError('UNAVAILABLE', 'The database is away.'), 503, 'UNAVAILABLE'],
  ])('is told so when %s keeps tokens from being checked', async (_title, error, status, code) => {
    const other = await startGateway({ authenticate: () => Promise.reject(error) });
    const answer = await other.query('{ __typename }');
    expect([answer.status, answer.errors[0]?.extensions.code]).toEqual([status, code]);
    expect(answer.text).not.toContain('ECONNREFUSED');
    expect(other.rawLog().includes('ECONNREFUSED')).toBe(code === 'INTERNAL');
  });
});

describe('request ids', () => {
  it('are taken from the caller when sane, and stand in header, errors and log', async () => {
    const answer = await gateway.query('{ vm(id: "x") { id } }', {}, { 'x-request-id': 'abc-1.2_3' });
    expect(answer.headers.get('x-request-id')).toBe('abc-1.2_3');
    expect(answer.errors[0]?.extensions.requestId).toBe('abc-1.2_3');
    expect(gateway.log()).toContainEqual(
      expect.objectContaining({ requestId: 'abc-1.2_3', msg: 'request', status: 200 }),
    );
  });

  it.each(['a b', '{"a":1}', 'x'.repeat(65), '-x'])('are made anew for %j', async (id) => {
    const answer = await gateway.query('{ broken }', {}, { 'x-request-id': id });
    expect(answer.errors[0]?.extensions.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers.get('x-request-id')).toBe(answer.errors[0]?.extensions.requestId);
  });
});

describe('contexts', () => {
  it('share loaders within an operation and never between two', async () => {
    const twice = await gateway.query('{ a: counted b: counted }');
    expect(twice.data).toEqual({ a: 1, b: 2 });
    expect((await gateway.query('{ counted }')).data).toEqual({ counted: 1 });
  });
});

describe('probes', () => {
  it('answer', async () => {
    expect(await (await get('/healthz')).json()).toEqual({ status: 'ok' });
    expect(await (await get('/readyz')).json()).toEqual({ status: 'ok' });
  });

  it('tell 503 while not ready, without saying why', async () => {
    const other = await startGateway({ readiness: () => Promise.reject(new Error('no such table: task')) });
    const response = await fetch(`${other.server.url}/readyz`);
    expect([response.status, await response.json()]).toEqual([503, { status: 'unavailable' }]);
    expect((await fetch(`${other.server.url}/healthz`)).status).toBe(200);
    expect(other.rawLog()).toContain('no such table');
  });

  it('count requests and operations', async () => {
    await gateway.query('{ whoami }');
    await gateway.query('{ vm(id: "x") { id } }');
    await gateway.query('{ nonsense }');
    await gateway.post([]);
    expect(await gateway.metric(/^hypergate_graphql_operations_total\{type="query",code="OK"\}/)).toBe(1);
    expect(await gateway.metric(/^hypergate_graphql_operations_total\{type="query",code="NOT_FOUND"\}/)).toBe(
      1,
    );
    expect(
      await gateway.metric(/^hypergate_graphql_operations_total\{type="none",code="INVALID_ARGUMENT"\}/),
    ).toBe(2);
    const route =
      /^hypergate_http_request_duration_seconds_count\{method="POST",route="\/graphql",status="200"\}/;
    expect(await gateway.metric(route)).toBe(2);
    expect(await gateway.metric(/^process_cpu_seconds_total /)).toBeGreaterThan(0);
  });

  it('keep gateways in one process apart', async () => {
    await gateway.query('{ whoami }');
    const other = await startGateway();
    expect(await other.metric(/^hypergate_graphql_operations_total\{type="query",code="OK"\}/)).toBe(0);
  });

  it('can keep metrics off', async () => {
    const other = await startGateway({ server: { metrics: false } });
    expect((await fetch(`${other.server.url}/metrics`)).status).toBe(404);
  });
});

describe('cross-origin requests', () => {
  const preflight = (origin: string) =>
    fetch(`${gateway.server.url}/graphql`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization',
      },
    });

  it('are allowed for the listed origin only', async () => {
    const listed = await preflight('https://console.example');
    expect(listed.headers.get('access-control-allow-origin')).toBe('https://console.example');
    expect(listed.headers.get('access-control-allow-headers')).toContain('authorization');
    expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('GraphiQL', () => {
  it('comes with a policy that lets nothing in from elsewhere', async () => {
    const page = await get('/');
    const html = await page.text();
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self';");
    expect(html).not.toMatch(/https?:\/\//);
    const assets = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((match) => match[1] ?? '');
    expect(assets).toHaveLength(7);
    for (const asset of assets) {
      const response = await get(asset);
      expect([asset, response.status]).toEqual([asset, 200]);
      const etag = response.headers.get('etag') ?? '';
      expect((await get(asset, { 'if-none-match': etag })).status).toBe(304);
    }
  });

  it('can be switched off', async () => {
    const other = await startGateway({ server: { ide: false } });
    expect((await fetch(other.server.url)).status).toBe(404);
    expect((await fetch(`${other.server.url}/ide/page.js`)).status).toBe(404);
  });
});

describe('the log', () => {
  it('has one line for each request, without queries, tokens or inputs', async () => {
    const secret = 'hunter2-hunter2';
    await gateway.query('mutation ($i: SaveInput!) { save(input: $i) }', {
      i: { name: 'x', password: secret },
    });
    await get(`/healthz?token=${secret}`, { cookie: secret });
    await get(`/graphql`, { authorization: `Bearer ${secret}` });
    expect(gateway.log().filter((line) => line['msg'] === 'request')).toHaveLength(3);
    expect(gateway.rawLog()).not.toContain(secret);
    expect(gateway.rawLog()).not.toContain(TOKEN);
  });
});
