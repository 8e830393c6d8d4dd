import { once } from 'node:events';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { Viewer } from '../../src/graphql';
import { AppError, TenantScope } from '../../src/kernel';
import { RawSocket, TOKEN } from './raw-socket';
import { authenticateSample, closeGateways, startGateway } from './sample-gateway';
import { SQL_TEXT } from './sample-schema';

afterEach(closeGateways);

const NUMBERS = 'subscription { numbers }';
const error = (code: string) => expect.objectContaining({ extensions: expect.objectContaining({ code }) });

describe('a WebSocket', () => {
  it('streams events to the stock client, each with loaders of its own', async () => {
    const gateway = await startGateway();
    const client = createClient({
      url: `${gateway.server.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${TOKEN}` },
    });
    const events = client.iterate({ query: 'subscription { numbers }' });
    gateway.controls.feed.push(1);
    gateway.controls.feed.push(2);
    expect(await events.next()).toMatchObject({ value: { data: { numbers: 101 } } });
    expect(await events.next()).toMatchObject({ value: { data: { numbers: 201 } } });
    expect(await gateway.metric(/^hypergate_subscriptions_active /)).toBe(1);
    expect(await gateway.metric(/^hypergate_websockets_open /)).toBe(1);
    await events.return?.();
    await client.dispose();
  });

  it.each([
    ['authorization with Bearer', { authorization: `Bearer ${TOKEN}` }],
    ['authorization without', { authorization: TOKEN }],
    ['Authorization', { Authorization: `bearer ${TOKEN}` }],
  ])('takes the token as %s', async (_title, payload) => {
    const socket = await RawSocket.open(await startGateway());
    socket.send({ type: 'connection_init', payload });
    expect(await socket.next()).toEqual({ type: 'connection_ack' });
  });

  it.each([
    ['no parameters', undefined],
    ['no token', {}],
    ['an empty token', { authorization: 'Bearer ' }],
    ['a token that is no text', { authorization: { $ne: null } }],
    ['a wrong token', { authorization: 'Bearer nonsense' }],
  ])('is closed for %s', async (_title, payload) => {
    const socket = await RawSocket.open(await startGateway());
    socket.send({ type: 'connection_init', payload });
    expect(await socket.closed).toEqual({ code: 4401, reason: 'UNAUTHENTICATED: the token is not accepted' });
  });

  it('is told to come back when tokens cannot be checked', async () => {
    const gateway = await startGateway({ authenticate: () => Promise.reject(new Error(SQL_TEXT)) });
    const socket = await RawSocket.open(gateway);
    socket.send({ type: 'connection_init', payload: { authorization: TOKEN } });
    expect(await socket.closed).toEqual({ code: 1013, reason: 'UNAVAILABLE: try again later' });
  });

  it('may not subscribe ahead of its token', async () => {
    const socket = await RawSocket.open(await startGateway());
    socket.subscribe('1', NUMBERS);
    expect((await socket.closed).code).toBe(4401);
  });

  it('is closed when no token comes', async () => {
    const socket = await RawSocket.open(await startGateway({ timings: { initMs: 20 } }));
    expect((await socket.closed).code).toBe(4408);
  });

  it('is closed with 1009 for a frame that is too large', async () => {
    const gateway = await startGateway();
    const socket = await RawSocket.open(gateway);
    socket.send({ type: 'connection_init', payload: { pad: 'x'.repeat(64 * 1024) } });
    expect((await socket.closed).code).toBe(1009);
    expect((await gateway.query('{ whoami }')).data).toEqual({ whoami: 'administrator' });
  });

  it.each(['nonsense', '{"type":"nonsense"}', '[]'])(
    'is closed for a message that is none: %s',
    async (text) => {
      const socket = await RawSocket.open(await startGateway());
      socket.socket.send(text);
      expect((await socket.closed).code).toBe(4400);
    },
  );

  it('of another protocol is closed', async () => {
    const gateway = await startGateway();
    const socket = new WebSocket(`${gateway.server.url.replace('http', 'ws')}/graphql`, 'graphql-ws');
    const [refused] = (await once(socket, 'error')) as [Error];
    expect(refused.message).toMatch(/subprotocol/i);
  });
});

describe('the opening of a WebSocket', () => {
  async function statusOf(path: string, headers: Record<string, string>): Promise<number> {
    const gateway = await startGateway();
    const host = new URL(gateway.server.url).host;
    const filled = Object.fromEntries(
      Object.entries(headers).map(([key, value]) => [key, value.replace('HOST', host)]),
    );
    const socket = new WebSocket(`ws://${host}${path}`, 'graphql-transport-ws', { headers: filled });
    const answered = Promise.race([
      once(socket, 'open').then(() => 101),
      once(socket, 'unexpected-response').then(
        ([, response]) => (response as { statusCode: number }).statusCode,
      ),
    ]);
    const status = await answered;
    socket.on('error', () => undefined);
    socket.terminate();
    return status;
  }

  it.each([
    ['no origin', '/graphql', {}, 101],
    ['its own origin', '/graphql', { origin: 'http://HOST' }, 101],
    ['a listed origin', '/graphql', { origin: 'https://console.example' }, 101],
    ['a foreign origin', '/graphql', { origin: 'https://evil.example' }, 403],
    ['an origin that begins like a listed one', '/graphql', { origin: 'https://console.example.evil' }, 403],
    ['an opaque origin', '/graphql', { origin: 'null' }, 403],
    ['another path', '/other', {}, 404],
  ])('with %s', async (_title, path, headers, status) => {
    expect(await statusOf(path, headers)).toBe(status);
  });
});

describe('an operation over a WebSocket', () => {
  it.each(['{ whoami }', 'mutation { save(input: { name: "x" }) }'])(
    'has to be a subscription: %s',
    async (query) => {
      const socket = await RawSocket.ready(await startGateway());
      socket.subscribe('1', query);
      expect(await socket.next()).toEqual({
        id: '1',
        type: 'error',
        payload: [
          {
            message: expect.stringContaining('Only subscriptions'),
            extensions: { code: 'INVALID_ARGUMENT', requestId: expect.any(String) },
          },
        ],
      });
    },
  );

  it.each([
    ['a syntax error', 'subscription {', undefined, {}],
    ['an unknown field', 'subscription { nope }', undefined, {}],
    ['introspection beside', 'subscription { numbers __schema { __typename } }', undefined, {}],
    [
      'aliases',
      `subscription { ${'a: numbers '.repeat(16)} }`,
      undefined,
      { details: { limit: 'aliases', max: 15, actual: 16 } },
    ],
    [
      'repeated fields',
      `subscription { ${'numbers '.repeat(12)} }`,
      undefined,
      { details: { limit: 'repeatedFields', max: 10, actual: 11 } },
    ],
    [
      'directives',
      `subscription { numbers ${'@skip(if: false) '.repeat(1)} @include(if: true) @include(if: true) }`,
      undefined,
      {},
    ],
    [
      'tokens',
      `subscription { ${'numbers '.repeat(2000)} }`,
      undefined,
      { details: { limit: 'tokens', max: 2000, actual: null } },
    ],
    [
      'a bad variable',
      'subscription ($n: Int!) { numbers @skip(if: false) @include(if: true) }',
      { n: 'hunter2' },
      {},
    ],
  ])('passes the same gate as over HTTP: %s', async (_title, query, variables, extensions) => {
    const socket = await RawSocket.ready(await startGateway());
    socket.subscribe('1', query, variables);
    const message = await socket.next();
    expect(message.type).toBe('error');
    expect(message.payload?.[0]?.extensions).toMatchObject({ code: 'INVALID_ARGUMENT', ...extensions });
    expect(JSON.stringify(message)).not.toContain('hunter2');
  });

  it('counts against the socket while it runs', async () => {
    const gateway = await startGateway({ limits: { maxOperationsPerSocket: 1 } });
    const socket = await RawSocket.ready(gateway);
    socket.subscribe('1', NUMBERS);
    socket.subscribe('2', NUMBERS);
    const refused = await socket.next();
    expect(refused).toMatchObject({ id: '2', type: 'error', payload: [error('RESOURCE_EXHAUSTED')] });
    expect(refused.payload?.[0]?.extensions.details).toEqual({
      limit: 'operationsPerSocket',
      max: 1,
      actual: 2,
    });
    gateway.controls.feed.push(1);
    expect(await socket.next()).toMatchObject({ id: '1', payload: { data: { numbers: 101 } } });
  });

  it('shows an error of one event and goes on', async () => {
    const gateway = await startGateway();
    const socket = await RawSocket.ready(gateway);
    socket.subscribe('1', NUMBERS);
    [-1, 13, 3].forEach((value) => {
      gateway.controls.feed.push(value);
    });
    expect((await socket.next()).payload?.errors).toEqual([error('FAILED_PRECONDITION')]);
    const masked = await socket.next();
    expect(masked.payload?.errors).toEqual([error('INTERNAL')]);
    expect(JSON.stringify(masked)).not.toContain('SELECT');
    expect(await socket.next()).toMatchObject({ payload: { data: { numbers: 301 } } });
    const requestId = masked.payload?.errors?.[0]?.extensions.requestId;
    expect(gateway.log()).toContainEqual(expect.objectContaining({ level: 'error', requestId }));
  });

  it('ends masked when its source fails', async () => {
    const gateway = await startGateway();
    const socket = await RawSocket.ready(gateway);
    socket.subscribe('1', NUMBERS);
    gateway.controls.feed.push(new Error(SQL_TEXT));
    const failed = await socket.next();
    expect(failed.payload?.errors).toEqual([error('INTERNAL')]);
    expect(JSON.stringify(failed)).not.toContain('SELECT');
    expect(await socket.next()).toEqual({ id: '1', type: 'complete' });
    expect(await gateway.metric(/^hypergate_subscriptions_active /)).toBe(0);
  });

  it.each([
    ['missing', 'NOT_FOUND'],
    ['faulty', 'INTERNAL'],
  ])('that cannot begin says why: %s', async (field, code) => {
    const socket = await RawSocket.ready(await startGateway());
    socket.subscribe('1', `subscription { ${field} }`);
    const message = await socket.next();
    expect(message.payload?.errors).toEqual([error(code)]);
    expect(JSON.stringify(message)).not.toContain('SELECT');
    expect(await socket.next()).toEqual({ id: '1', type: 'complete' });
  });

  it.each([
    ['the client completes it', (socket: RawSocket) => socket.send({ id: '1', type: 'complete' })],
    ['the client goes away', (socket: RawSocket) => socket.socket.terminate()],
  ])('releases its source when %s', async (_title, leave) => {
    const gateway = await startGateway();
    const { feed } = gateway.controls;
    const returned = new Promise<void>((resolve) => {
      const original = feed.return.bind(feed);
      feed.return = () => {
        resolve();
        return original();
      };
    });
    const socket = await RawSocket.ready(gateway);
    socket.subscribe('1', NUMBERS);
    feed.push(1);
    await socket.next();
    leave(socket);
    await returned;
    expect(feed.ended).toBe(true);
  });
});

describe('the token of an open socket', () => {
  it('closes it when it expires', async () => {
    const viewer: Viewer = { scope: TenantScope.administrator(), expiresAt: new Date(Date.now() + 50) };
    const socket = await RawSocket.ready(await startGateway({ authenticate: () => Promise.resolve(viewer) }));
    expect(await socket.closed).toEqual({ code: 4403, reason: 'UNAUTHENTICATED: the token has expired' });
  });

  it('closes it when it is revoked, in the middle of a stream', async () => {
    let revoked = false;
    const gateway = await startGateway({
      timings: { recheckMs: 10 },
      authenticate: (token) =>
        revoked ? Promise.reject(new AppError('UNAUTHENTICATED', 'Revoked.')) : authenticateSample(token),
    });
    const socket = await RawSocket.ready(gateway);
    socket.subscribe('1', NUMBERS);
    gateway.controls.feed.push(1);
    await socket.next();
    revoked = true;
    expect(await socket.closed).toEqual({
      code: 4403,
      reason: 'UNAUTHENTICATED: the token is no longer accepted',
    });
  });

  it('is asked about once for all its sockets, and outlives a database that is away', async () => {
    let asked = 0;
    let onAsked: () => void = () => undefined;
    const gateway = await startGateway({
      timings: { recheckMs: 10 },
      authenticate: (token) => {
        asked += 1;
        onAsked();
        return asked > 2 ? Promise.reject(new AppError('UNAVAILABLE', 'Away.')) : authenticateSample(token);
      },
    });
    const sockets = [await RawSocket.open(gateway), await RawSocket.open(gateway)];
    for (const socket of sockets) socket.send({ type: 'connection_init', payload: { authorization: TOKEN } });
    for (const socket of sockets) expect(await socket.next()).toEqual({ type: 'connection_ack' });
    const before = asked;
    await new Promise<void>((resolve) => {
      onAsked = () => {
        if (asked === before + 2) resolve();
      };
    });
    sockets[0]?.subscribe('1', NUMBERS);
    gateway.controls.feed.push(1);
    expect(await sockets[0]?.next()).toMatchObject({ payload: { data: { numbers: 101 } } });
  });
});

describe('pings', () => {
  it('drop a peer that has stopped to answer', async () => {
    const gateway = await startGateway({ timings: { pingMs: 20 } });
    const socket = await RawSocket.open(gateway);
    // Nothing is read any more, so no pong is sent.
    socket.socket.pause();
    const gone = new Promise<void>((resolve) => {
      const look = (): void => {
        if (gateway.log().some((line) => line['msg'] === 'websocket closed')) resolve();
        else setImmediate(look);
      };
      look();
    });
    await gone;
    socket.socket.terminate();
  });
});
