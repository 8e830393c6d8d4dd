import type { VolumeRef } from '../../../src/providers/libvirt/client';
import { LibvirtClient, LibvirtError } from '../../../src/providers/libvirt/client';
import { FakeRpcServer } from '../../support/libvirt/fake-rpc-server';
import { until } from '../../support/until';
import type { RawFrame } from '../../support/libvirt/frames';
import { text, u32 } from '../../support/libvirt/frames';

const REGISTER = 316;
const DEREGISTER = 317;
const UPLOAD = 208;
const DOWNLOAD = 209;
const STREAM = 3;
const VOLUME: VolumeRef = { pool: 'pool', name: 'disk', key: '/pool/disk' };

let server: FakeRpcServer;
let client: LibvirtClient;

beforeEach(async () => {
  server = await FakeRpcServer.start();
  client = new LibvirtClient({ uri: server.uri });
});

afterEach(async () => {
  client.close();
  await server.stop();
});

const pushed = (callback: number, event: number): Buffer =>
  Buffer.concat([u32(callback), text('vm'), Buffer.alloc(16), u32(3), u32(event, 1)]);

describe('events', () => {
  it('are asked for once per kind, told to each listener, and given back by the last', async () => {
    server.on(REGISTER, (call, peer) => peer.reply(call, u32(77)));
    server.on(DEREGISTER, (call, peer) => peer.reply(call));
    const first: number[] = [];
    const second: number[] = [];
    const [one, two] = await Promise.all([
      client.events.onDomainLifecycle(({ event }) => first.push(event)),
      client.events.onDomainLifecycle(({ event }) => second.push(event)),
    ]);
    expect(server.peer.frames.map(({ procedure }) => procedure)).toEqual([REGISTER]);
    server.peer.push(318, pushed(77, 2));
    await until(() => second.length === 1);
    await one.close();
    server.peer.push(318, pushed(77, 5));
    await until(() => second.length === 2);
    await two.close();
    expect([first, second]).toEqual([[2], [2, 5]]);
    expect(server.peer.frames.at(-1)).toMatchObject({ procedure: DEREGISTER, payload: u32(77) });
  });

  it('reach the other listeners when one throws', async () => {
    server.on(REGISTER, (call, peer) => peer.reply(call, u32(1)));
    const seen: number[] = [];
    await client.events.onDomainLifecycle(() => {
      throw new Error('listener');
    });
    await client.events.onDomainLifecycle(({ event }) => seen.push(event));
    server.peer.push(318, pushed(1, 4));
    await until(() => seen.length === 1);
    expect(seen).toEqual([4]);
  });

  it('that the daemon refuses leave nothing registered', async () => {
    server.on(REGISTER, (call, peer) => peer.replyError(call, 3, 'not supported'));
    await expect(client.events.onDomainReboot(() => undefined)).rejects.toMatchObject({ code: 3 });
    server.on(REGISTER, (call, peer) => peer.reply(call, u32(1)));
    await client.events.onDomainLifecycle(() => undefined);
    expect(server.peer.frames.map(({ payload }) => payload.readInt32BE(0))).toEqual([1, 1, 0]);
    expect(server.peers).toHaveLength(1);
  });
});

async function collect(source: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('downloads', () => {
  it('take data that arrives together with the reply, and finish', async () => {
    server.on(DOWNLOAD, (call, peer) => {
      peer.reply(call);
      peer.stream(call, 2, Buffer.from('one '));
      peer.stream(call, 2, Buffer.from('two'));
      peer.stream(call, 2);
    });
    const confirm = (async () => {
      await until(() => server.peers.length === 1);
      await server.received(2);
      server.peer.stream(server.peer.frames[0]!, 0);
    })();
    expect((await collect(client.volumes.download(VOLUME))).toString()).toBe('one two');
    await confirm;
    expect(server.peer.frames[1]).toMatchObject({ type: STREAM, status: 0, procedure: DOWNLOAD });
  });

  it('take data that overtakes the reply', async () => {
    server.on(DOWNLOAD, (call, peer) => {
      peer.stream(call, 2, Buffer.from('early'));
      peer.stream(call, 2);
      setTimeout(() => peer.reply(call), 20);
      setTimeout(() => peer.stream(call, 0), 60);
    });
    expect((await collect(client.volumes.download(VOLUME))).toString()).toBe('early');
  });

  it('stop the daemon while nobody reads', async () => {
    const chunk = Buffer.alloc(262_120);
    let sent = 0;
    server.on(DOWNLOAD, (call, peer) => {
      peer.reply(call);
      const more = (): void => {
        while (sent < 400 && !peer.socket.writableNeedDrain) {
          peer.stream(call, 2, chunk);
          sent += 1;
        }
        if (sent < 400) peer.socket.once('drain', more);
      };
      more();
    });
    const download = client.volumes.download(VOLUME);
    expect((await download.next()).value).toHaveLength(262_120);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const heldAt = sent;
    expect(heldAt).toBeLessThan(30);
    for (let index = 0; index < 100; index += 1) await download.next();
    await until(() => sent > heldAt + 80);
    await download.return();
    await until(() => server.peer.frames.some(({ type, status }) => type === STREAM && status === 1));
  });

  it('fail with the error of the stream, and when nothing comes any more', async () => {
    server.on(DOWNLOAD, (call, peer) => {
      peer.reply(call);
      peer.stream(call, 1, Buffer.concat([u32(38, 0, 1), text('read failed'), u32(2)]));
    });
    await expect(collect(client.volumes.download(VOLUME))).rejects.toMatchObject({ code: 38 });
    server.on(DOWNLOAD, (call, peer) => peer.reply(call));
    const silent = collect(client.volumes.download(VOLUME, { stallTimeoutMs: 60 }));
    await expect(silent).rejects.toMatchObject({ name: 'LibvirtTimeoutError' });
  });

  it('fail with the connection, and with the signal', async () => {
    server.on(DOWNLOAD, (call, peer) => {
      peer.reply(call);
      peer.cut();
    });
    await expect(collect(client.volumes.download(VOLUME))).rejects.toMatchObject({ requestSent: true });
    server.on(DOWNLOAD, (call, peer) => peer.reply(call));
    const abort = new AbortController();
    const download = collect(client.volumes.download(VOLUME, { signal: abort.signal }));
    setTimeout(() => abort.abort(new Error('no more')), 30);
    await expect(download).rejects.toThrow('no more');
  });
});

describe('uploads', () => {
  const streamed = (): RawFrame[] => server.peer.frames.filter(({ type }) => type === STREAM);

  /** Confirms the end of the upload. */
  function confirmEnd(): void {
    const poll = setInterval(() => {
      const end = server.peers.at(-1)?.frames.find(({ type, status }) => type === STREAM && status === 0);
      if (end === undefined) return;
      clearInterval(poll);
      server.peer.stream(end, 0);
    }, 2);
  }

  it('are cut into chunks that the daemon takes, with offset and length', async () => {
    server.on(UPLOAD, (call, peer) => peer.reply(call));
    confirmEnd();
    const sent = client.volumes.upload(VOLUME, [Buffer.alloc(600_000, 1), Buffer.alloc(5, 2)], {
      offset: 4096,
      length: 9,
    });
    expect(await sent).toBe(600_005);
    expect(streamed().map(({ status, payload }) => [status, payload.length])).toEqual([
      [2, 262_120],
      [2, 262_120],
      [2, 75_760],
      [2, 5],
      [0, 0],
    ]);
    expect(server.peer.frames[0]!.payload.subarray(-20)).toEqual(u32(0, 4096, 0, 9, 0));
  });

  it('end the source and fail as soon as the daemon gives up', async () => {
    server.on(UPLOAD, (call, peer) => {
      peer.reply(call);
      setTimeout(
        () => peer.stream(call, 1, Buffer.concat([u32(38, 0, 1), text('No space left'), u32(2)])),
        20,
      );
    });
    let ended = false;
    async function* endless(): AsyncGenerator<Buffer> {
      try {
        for (;;) {
          yield Buffer.alloc(1000);
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
      } finally {
        ended = true;
      }
    }
    const error: unknown = await client.volumes.upload(VOLUME, endless()).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(LibvirtError);
    expect(error).toMatchObject({ code: 38, message: 'No space left' });
    expect(ended).toBe(true);
  });

  it('wait while the daemon does not read, and fail when it stays so', async () => {
    server.on(UPLOAD, (call, peer) => {
      peer.reply(call);
      peer.socket.pause();
    });
    let produced = 0;
    function* source(): Generator<Buffer> {
      for (; produced < 1000; produced += 1) yield Buffer.alloc(262_120);
    }
    const stalled = client.volumes.upload(VOLUME, source(), { stallTimeoutMs: 150 });
    await expect(stalled).rejects.toMatchObject({ name: 'LibvirtTimeoutError' });
    expect(produced).toBeLessThan(20);
  });

  it('abort the stream when the source fails', async () => {
    server.on(UPLOAD, (call, peer) => peer.reply(call));
    function* broken(): Generator<Buffer> {
      yield Buffer.from('x');
      throw new Error('source');
    }
    await expect(client.volumes.upload(VOLUME, broken())).rejects.toThrow('source');
    await until(() => streamed().some(({ status }) => status === 1));
  });
});
