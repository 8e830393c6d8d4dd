import type { LibvirtClientOptions } from '../../../src/providers/libvirt/client';
import { LibvirtClient, LibvirtConnectionError } from '../../../src/providers/libvirt/client';
import { FakeRpcServer } from '../../support/libvirt/fake-rpc-server';
import { until } from '../../support/until';
import { frameBytes, KEEPALIVE, text, u32 } from '../../support/libvirt/frames';

const HOSTNAME = 59;
const AUTH_LIST = 66;
const AUTH_POLKIT = 70;

let server: FakeRpcServer;
const clients: LibvirtClient[] = [];

function connect(options: Partial<LibvirtClientOptions> = {}): LibvirtClient {
  const client = new LibvirtClient({
    uri: server.uri,
    reconnectBaseMs: 5,
    reconnectMaximumMs: 50,
    ...options,
  });
  clients.push(client);
  return client;
}

beforeEach(async () => {
  server = await FakeRpcServer.start();
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await server.stop();
});

const settled = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

describe('a peer that breaks the protocol', () => {
  const header = (length: number): Buffer => Buffer.concat([u32(length), Buffer.alloc(24)]);

  it.each<[string, Buffer, RegExp]>([
    ['a length below the header', header(27), /Frame length 27 is outside/],
    ['a length of zero', header(0), /Frame length 0 is outside/],
    ['a length above the limit', header(33_554_433), /Frame length 33554433 is outside/],
    [
      'text instead of frames',
      Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'),
      /Frame length \d+ is outside/,
    ],
    ['another version', Buffer.concat([u32(28, 0x20008086, 2, 59, 1, 1, 0)]), /protocol version 2/],
    [
      'a reply that nobody called for',
      frameBytes({ procedure: 59, serial: 999 }),
      /serial 999, that nobody called/,
    ],
    ['a reply to another procedure', frameBytes({ procedure: 7, serial: 4 }), /procedure 7/],
    ['an unknown program', frameBytes({ program: 5 }), /program 5/],
    ['an unknown type', frameBytes({ type: 9 }), /type 9/],
    ['an event that cannot be decoded', frameBytes({ type: 2, procedure: 318 }), /ends 4 bytes too early/],
  ])('by %s loses the connection, and every call fails', async (_, bytes, message) => {
    const client = connect();
    server.on(316, (call, peer) => peer.reply(call, u32(0)));
    await client.events.onDomainLifecycle(() => undefined);
    server.on(HOSTNAME, (_call, peer) => {
      if (peer.frames.length === 3) peer.raw(bytes);
    });
    const failures = await Promise.all([
      settled(client.host.getHostname()),
      settled(client.host.getHostname()),
    ]);
    for (const failure of failures) {
      expect(failure).toBeInstanceOf(LibvirtConnectionError);
      expect(failure).toMatchObject({ message: expect.stringMatching(message) as string, requestSent: true });
    }
  });

  it('cut off inside a frame is told apart from one that just closed', async () => {
    const client = connect();
    server.on(HOSTNAME, (_call, peer) => {
      peer.raw(u32(100, 0x20008086, 1));
      peer.cut();
    });
    await expect(client.host.getHostname()).rejects.toThrow('in the middle of a frame');
    server.on(HOSTNAME, (_call, peer) => peer.cut());
    await expect(client.host.getHostname()).rejects.toThrow('The daemon closed the connection.');
  });

  it('may send a frame byte by byte', async () => {
    const client = connect();
    server.on(HOSTNAME, (call, peer) => {
      const bytes = frameBytes({ ...call, type: 1, payload: text('slow host') });
      bytes.forEach((_, index) => setTimeout(() => peer.raw(bytes.subarray(index, index + 1)), index));
    });
    expect(await client.host.getHostname()).toBe('slow host');
  });
});

describe('the handshake', () => {
  it('asks polkit where the daemon says so', async () => {
    let asked = 0;
    server.on(AUTH_LIST, (call, peer) => peer.reply(call, u32(1, 2)));
    server.on(AUTH_POLKIT, (call, peer) => {
      asked += 1;
      peer.reply(call, u32(1));
    });
    server.on(HOSTNAME, (call, peer) => peer.reply(call, text('host')));
    expect(await connect().host.getHostname()).toBe('host');
    expect(asked).toBe(1);
  });

  it('refuses SASL in plain words, for good', async () => {
    server.on(AUTH_LIST, (call, peer) => peer.reply(call, u32(1, 1)));
    const client = connect();
    await expect(client.host.getHostname()).rejects.toMatchObject({
      message: expect.stringContaining('SASL') as string,
      retriable: false,
    });
    await expect(client.waitUntilReady(5_000)).rejects.toMatchObject({ retriable: false });
  });

  it('ends when the daemon never answers it', async () => {
    server.on(157, () => undefined);
    const client = connect({ connectTimeoutMs: 80 });
    await expect(client.host.getHostname()).rejects.toMatchObject({ name: 'LibvirtTimeoutError' });
  });

  it('asks for the driver alone, without what concerns the socket', async () => {
    const opened: Buffer[] = [];
    server.on(1, (call, peer) => {
      opened.push(call.payload);
      peer.reply(call);
    });
    await connect({ uri: `${server.uri}&delay=3`, readOnly: true }).waitUntilReady(1_000);
    expect(opened).toEqual([Buffer.concat([u32(1), text('test:///default?delay=3'), u32(1)])]);
  });
});

describe('keepalive', () => {
  it('answers a ping', async () => {
    await connect().waitUntilReady(1_000);
    server.peer.ping();
    const [pong] = await server.received(1);
    expect(pong).toMatchObject({ program: KEEPALIVE, procedure: 2, type: 2, serial: 0, status: 0 });
  });

  it('finds out that the daemon is dead', async () => {
    const client = connect({ keepaliveIntervalMs: 20, keepaliveMissedMax: 2 });
    const call = settled(client.host.getHostname({ timeoutMs: 10_000 }));
    expect(await call).toMatchObject({
      message: 'The daemon no longer answers the keepalive.',
      requestSent: true,
    });
    const pings = server.peers[0]!.frames.filter(
      ({ program, procedure }) => program === KEEPALIVE && procedure === 1,
    );
    expect(pings).toHaveLength(2);
  });

  it('is content with any sign of life', async () => {
    const client = connect({ keepaliveIntervalMs: 30, keepaliveMissedMax: 1 });
    server.on(HOSTNAME, (call, peer) => {
      const events = setInterval(() => peer.push(999, Buffer.alloc(0)), 10);
      setTimeout(() => {
        clearInterval(events);
        peer.reply(call, text('alive'));
      }, 250);
    });
    expect(await client.host.getHostname()).toBe('alive');
  });
});

describe('reconnecting', () => {
  it('waits for a daemon that is not there yet', async () => {
    await server.down();
    const client = connect();
    await expect(client.host.getHostname()).rejects.toMatchObject({ retriable: true, requestSent: false });
    const ready = client.waitUntilReady(5_000);
    setTimeout(() => void server.listen(), 100);
    expect(await ready).toEqual({ number: 9_000_000, text: '9.0.0' });
  });

  it('gives up waiting in the end', async () => {
    await server.down();
    await expect(connect().waitUntilReady(150)).rejects.toMatchObject({ name: 'LibvirtTimeoutError' });
    await server.listen();
  });

  it('registers events again, then says so, without being asked', async () => {
    let registered = 0;
    server.on(316, (call, peer) => {
      registered += 1;
      peer.reply(call, u32(registered));
    });
    const client = connect();
    const seen: unknown[] = [];
    const lost = new Promise((resolve) => client.onDisconnected(resolve));
    const back = new Promise((resolve) => client.onReconnected(resolve));
    await client.events.onDomainLifecycle((event) => seen.push(event.event));
    await server.down();
    expect(await lost).toBeInstanceOf(LibvirtConnectionError);
    setTimeout(() => void server.listen(), 60);
    expect(await back).toEqual({ downMs: expect.any(Number) as number });
    expect(registered).toBe(2);
    const domain = Buffer.concat([text('vm'), Buffer.alloc(16), u32(1)]);
    server.peer.push(318, Buffer.concat([u32(2), domain, u32(5, 0)]));
    await until(() => seen.length > 0);
    expect(seen).toEqual([5]);
  });

  it('leaves nothing open when the client is closed, whatever it was doing', async () => {
    const pipes = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'PipeWrap').length;
    await new Promise((resolve) => setTimeout(resolve, 50));
    const before = pipes();
    server.on(157, () => undefined);
    const client = connect();
    const call = settled(client.host.getHostname());
    await until(() => server.peers.length > 0);
    client.close();
    expect(await call).toMatchObject({ retriable: false });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(pipes()).toBe(before);
  });
});
