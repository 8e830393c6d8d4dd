import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FaultProxy } from './fault-proxy';
import { until } from './until';

const ANSWER = 'x'.repeat(100_000);

describe('the proxy that is a bad network', () => {
  /** What the server has been asked, in order. */
  let asked: string[];
  let server: Server;
  let url: string;
  let proxy: FaultProxy;

  beforeEach(async () => {
    asked = [];
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end(ANSWER);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    proxy = await FaultProxy.start(url);
  });

  afterEach(async () => {
    await proxy.close();
    server.closeAllConnections();
    await once(server.close(), 'close');
  });

  const get = (path = ''): Promise<string> =>
    fetch(`${proxy.through(url)}${path}`, { headers: { connection: 'close' } }).then((reply) => reply.text());

  it('passes everything on when nothing is asked of it', async () => {
    expect(await get()).toBe(ANSWER);
    expect(await get()).toBe(ANSWER);
    expect(proxy.accepted).toBe(2);
  });

  it('cuts one reply midway', async () => {
    const cut = proxy.cutReply({ afterBytes: 50_000 });
    const reply = await fetch(proxy.through(url));
    await expect(reply.text()).rejects.toThrow('terminated');
    await cut;
    expect(await get()).toBe(ANSWER);
    expect(asked).toHaveLength(2);
  });

  it('cuts the reply to a request that holds a text, and only that', async () => {
    void proxy.cutReply({ afterBytes: 50_000, to: '/this' });
    expect(await get('other')).toBe(ANSWER);
    await expect(get('this')).rejects.toThrow('terminated');
    expect(await get('this')).toBe(ANSWER);
  });

  it('holds replies back while the server works', async () => {
    const release = proxy.holdReplies({ to: '/this' });
    let done = false;
    const held = get('this').finally(() => (done = true));
    await until(
      () => asked.length,
      (count) => count === 1,
    );
    expect(await get('other')).toBe(ANSWER);
    expect(done).toBe(false);
    release();
    expect(await held).toBe(ANSWER);
    expect(await get('this')).toBe(ANSWER);
  });

  it('refuses, and accepts again at the same address', async () => {
    const release = proxy.holdReplies();
    const cutOff = get();
    await until(() => asked.length);
    await Promise.all([expect(cutOff).rejects.toThrow('fetch failed'), proxy.refuse()]);
    await expect(get()).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    release();
    await proxy.accept();
    expect(await get()).toBe(ANSWER);
  });

  it('carries only so many bytes a second, until it is told otherwise', async () => {
    proxy.limit(1000);
    const reply = await fetch(proxy.through(url));
    const received: Uint8Array[] = [];
    for await (const piece of reply.body ?? []) {
      // At that pace the whole reply would take 100 s.
      if (received.length === 0) expect(piece.length).toBeLessThan(ANSWER.length / 10);
      received.push(piece);
      proxy.limit(Infinity);
    }
    expect(Buffer.concat(received).toString()).toBe(ANSWER);
  });
});
