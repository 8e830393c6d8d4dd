import {
  LibvirtClient,
  LibvirtConnectionError,
  LibvirtError,
  LibvirtTimeoutError,
} from '../../../src/providers/libvirt/client';
import { FakeRpcServer } from '../../support/libvirt/fake-rpc-server';
import type { RawFrame } from '../../support/libvirt/frames';
import { text, u32 } from '../../support/libvirt/frames';

const HOSTNAME = 59;
const LOOKUP_BY_NAME = 23;

let server: FakeRpcServer;
let client: LibvirtClient;

beforeEach(async () => {
  server = await FakeRpcServer.start();
  client = new LibvirtClient({ uri: server.uri, reconnectMaximumMs: 50, reconnectBaseMs: 5 });
});

afterEach(async () => {
  client.close();
  await server.stop();
});

const settled = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

describe('replies', () => {
  it('go to their calls, in whatever order they arrive', async () => {
    const held: RawFrame[] = [];
    server.on(LOOKUP_BY_NAME, (call, peer) => {
      held.push(call);
      if (held.length < 3) return;
      for (const each of held.reverse()) {
        peer.reply(each, Buffer.concat([each.payload, Buffer.alloc(16, 0xab), u32(7)]));
      }
    });
    const names = ['first', 'second', 'third'];
    const found = await Promise.all(names.map((name) => client.domains.lookupByName(name)));
    expect(found.map(({ name }) => name)).toEqual(names);
    expect(found[0]).toEqual({ name: 'first', uuid: 'abababab-abab-abab-abab-abababababab', id: 7 });
  });

  it('that are errors reject with their number, level and message', async () => {
    server.on(LOOKUP_BY_NAME, (call, peer) => peer.replyError(call, 42, 'Domain not found'));
    const error = await settled(client.domains.lookupByName('x'));
    expect(error).toBeInstanceOf(LibvirtError);
    expect(error).toMatchObject({
      code: 42,
      domain: 10,
      level: 2,
      message: 'Domain not found',
      retriable: false,
    });
    server.on(LOOKUP_BY_NAME, (call, peer) => peer.replyError(call, 68, 'cannot acquire state change lock'));
    expect(await settled(client.domains.lookupByName('x'))).toMatchObject({ code: 68, retriable: true });
  });

  it('that end too early reject their call alone', async () => {
    server.on(LOOKUP_BY_NAME, (call, peer) => peer.reply(call, text('short')));
    server.on(HOSTNAME, (call, peer) => peer.reply(call, text('host')));
    expect(await settled(client.domains.lookupByName('x'))).toMatchObject({
      requestSent: true,
      retriable: false,
    });
    expect(await client.host.getHostname()).toBe('host');
    expect(server.peers).toHaveLength(1);
  });
});

describe('calls', () => {
  it('are at most four at once, the others waiting in order', async () => {
    const running: RawFrame[] = [];
    server.on(LOOKUP_BY_NAME, (call) => running.push(call));
    const names = Array.from({ length: 10 }, (_, index) => `d${index}`);
    const all = Promise.all(names.map((name) => client.domains.lookupByName(name)));
    await server.received(4);
    for (let answered = 0; answered < 10; answered += 1) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(running).toHaveLength(Math.min(10, answered + 4));
      const call = running[answered]!;
      server.peer.reply(call, Buffer.concat([call.payload, Buffer.alloc(16), u32(answered)]));
    }
    expect((await all).map(({ name, id }) => [name, id])).toEqual(names.map((name, index) => [name, index]));
  });

  it('are as many at once as the client was told', async () => {
    const many = new LibvirtClient({ uri: server.uri, maxInFlight: 64 });
    const calls = Array.from({ length: 80 }, () => settled(many.host.getHostname()));
    await server.received(64);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(server.peer.frames).toHaveLength(64);
    many.close();
    await Promise.all(calls);
  });

  it('that are not answered end with a time-out, and a late answer is dropped', async () => {
    const error = await settled(client.host.getHostname({ timeoutMs: 80 }));
    expect(error).toBeInstanceOf(LibvirtTimeoutError);
    expect(error).toMatchObject({ requestSent: true, retriable: true });
    server.peer.reply(server.peer.frames[0]!, text('late'));
    server.on(HOSTNAME, (call, peer) => peer.reply(call, text('in time')));
    expect(await client.host.getHostname()).toBe('in time');
    expect(server.peers).toHaveLength(1);
  });

  it('that time out in the queue were never sent', async () => {
    const stuck = Array.from({ length: 4 }, () => settled(client.host.getHostname({ timeoutMs: 5_000 })));
    await server.received(4);
    expect(await settled(client.host.getHostname({ timeoutMs: 50 }))).toMatchObject({ requestSent: false });
    expect(server.peer.frames).toHaveLength(4);
    client.close();
    await Promise.all(stuck);
  });

  it('given up keep their place; when all places are held so, the connection is made anew', async () => {
    const stuck = Array.from({ length: 4 }, () => settled(client.host.getHostname({ timeoutMs: 100 })));
    const waiting = settled(client.host.getHostname({ timeoutMs: 5_000 }));
    for (const error of await Promise.all(stuck)) expect(error).toBeInstanceOf(LibvirtTimeoutError);
    expect(await waiting).toMatchObject({
      name: 'LibvirtConnectionError',
      requestSent: false,
      retriable: true,
    });
    server.on(HOSTNAME, (call, peer) => peer.reply(call, text('again')));
    expect(await client.host.getHostname()).toBe('again');
    expect(server.peers).toHaveLength(2);
  });

  it('can be aborted before, while waiting and while under way', async () => {
    const reason = new Error('changed my mind');
    expect(await settled(client.host.getHostname({ signal: AbortSignal.abort(reason) }))).toBe(reason);
    const abort = new AbortController();
    const calls = Array.from({ length: 6 }, () => settled(client.host.getHostname({ signal: abort.signal })));
    await server.received(4);
    abort.abort(reason);
    expect(await Promise.all(calls)).toEqual(Array(6).fill(reason));
    expect(server.peer.frames).toHaveLength(4);
  });

  it('that cannot be encoded fail alone', async () => {
    await expect(client.domains.lookupByUuid('no uuid')).rejects.toThrow('is not a UUID');
    await expect(client.domains.lookupByName('x'.repeat(5_000_000))).rejects.toThrow('exceeds 4194304');
    server.on(HOSTNAME, (call, peer) => peer.reply(call, text('fine')));
    expect(await client.host.getHostname()).toBe('fine');
  });

  it('fail when the client is closed, and so does every later one', async () => {
    const call = settled(client.host.getHostname());
    await server.received(1);
    client.close();
    expect(await call).toBeInstanceOf(LibvirtConnectionError);
    expect(await settled(client.host.getHostname())).toMatchObject({ retriable: false });
  });
});
