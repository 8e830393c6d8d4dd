import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { VimClient } from '../../../src/providers/vsphere/client';
import type { VimClientOptions } from '../../../src/providers/vsphere/client';
import { answer, send, SoapServer } from './soap-server';
import type { Handler } from './soap-server';

const VM = { type: 'VirtualMachine', value: 'vm-1' } as const;
const INSTANCE = { type: 'ServiceInstance', value: 'ServiceInstance' };
const TIME = answer('CurrentTime', '<returnval>2026-01-02T03:04:05Z</returnval>');
const TASK = answer('PowerOnVM_Task', '<returnval type="Task">task-1</returnval>');
const certificate = join(__dirname, '..', 'certificates', 'server.pem');
const pem = readFileSync(certificate);
const tls = { cert: pem, key: readFileSync(join(__dirname, '..', 'certificates', 'server.key')) };

let server: SoapServer | null = null;
let client: VimClient;

async function start(handlers: Record<string, Handler>, more: Partial<VimClientOptions> = {}): Promise<void> {
  server = await SoapServer.start(handlers, more.url === 'https' ? tls : undefined);
  client = new VimClient({ username: 'u', password: 'p', callTimeoutMs: 10_000, ...more, url: server.url });
}

afterEach(async () => {
  await client.close();
  await server?.stop();
  server = null;
});

const failure = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

describe('an answer', () => {
  it('may be compressed, and is asked for so', async () => {
    await start({
      CurrentTime: (response) =>
        response
          .writeHead(200, { 'content-type': 'text/xml', 'content-encoding': 'gzip' })
          .end(gzipSync(TIME)),
    });
    expect(await client.call('CurrentTime', INSTANCE, {})).toEqual(new Date('2026-01-02T03:04:05Z'));
  });

  it('that ends too early is CUT_OFF', async () => {
    await start({
      PowerOnVM_Task: (response, { socket }) => {
        response.writeHead(200, { 'content-type': 'text/xml', 'content-length': TASK.length });
        response.write(TASK.slice(0, 100), () => socket.destroy());
      },
    });
    expect(await failure(client.call('PowerOnVM_Task', VM, {}))).toMatchObject({
      reason: 'CUT_OFF',
      sent: true,
    });
  });

  it('that ends too early within its compression is CUT_OFF', async () => {
    const zipped = gzipSync(TASK);
    await start({
      PowerOnVM_Task: (response, { socket }) => {
        const headers = {
          'content-type': 'text/xml',
          'content-encoding': 'gzip',
          'content-length': zipped.length,
        };
        response.writeHead(200, headers).write(zipped.subarray(0, 40), () => socket.destroy());
      },
    });
    expect(await failure(client.call('PowerOnVM_Task', VM, {}))).toMatchObject({ reason: 'CUT_OFF' });
  });

  it.each([
    ['is no XML', 'hello'],
    ['is half a document', TASK.slice(0, -20)],
    ['is to another method', answer('ResetVM_Task', '<returnval type="Task">t</returnval>')],
    ['lacks its value', answer('PowerOnVM_Task')],
    ['has a document type', TASK.replace('?>', '?><!DOCTYPE x [<!ENTITY y "z">]>')],
    ['is nested without end', answer('PowerOnVM_Task', '<a>'.repeat(1_000))],
  ])('that %s is BAD_ANSWER', async (_what, xml) => {
    await start({ PowerOnVM_Task: (response) => send(response, xml) });
    expect(await failure(client.call('PowerOnVM_Task', VM, {}))).toMatchObject({
      reason: 'BAD_ANSWER',
      sent: true,
    });
  });

  it('of a proxy is HTTP_STATUS', async () => {
    await start({
      PowerOnVM_Task: (response) =>
        response.writeHead(503, { 'content-type': 'text/html' }).end('<h1>busy</h1>'),
      ResetVM_Task: (response) => response.writeHead(500, { 'content-type': 'text/html' }).end('<h1>oh</h1>'),
    });
    const away = await failure(client.call('PowerOnVM_Task', VM, {}));
    expect(away).toMatchObject({ reason: 'HTTP_STATUS', status: 503 });
    const broken = await failure(client.call('ResetVM_Task', VM, {}));
    expect(broken).toMatchObject({ reason: 'HTTP_STATUS', status: 500 });
  });

  it('that never comes ends with the time-out, and so does one that drips', async () => {
    let drip: NodeJS.Timeout | undefined;
    await start({
      PowerOnVM_Task: () => undefined,
      ResetVM_Task: (response) => {
        response.writeHead(200, { 'content-type': 'text/xml' }).write('<?xml version="1.0"?>');
        drip = setInterval(() => response.write(' '), 10);
      },
    });
    const options = { timeoutMs: 200 };
    await client.content();
    const never = await failure(client.call('PowerOnVM_Task', VM, {}, options));
    const dripping = await failure(client.call('ResetVM_Task', VM, {}, options));
    clearInterval(drip);
    expect(never).toMatchObject({ reason: 'TIMEOUT', sent: true });
    expect(dripping).toMatchObject({ reason: 'TIMEOUT', sent: true });
  });
});

describe('a call', () => {
  it('ends with the reason of its signal, and its connection with it', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    let closed: Promise<unknown> = Promise.reject(new Error('never called'));
    closed.catch(() => undefined);
    await start({
      PowerOnVM_Task: (_response, { socket }) => {
        closed = new Promise((resolve) => socket.once('close', resolve));
        controller.abort(reason);
      },
    });
    const call = client.call('PowerOnVM_Task', VM, {}, { signal: controller.signal });
    await expect(call).rejects.toBe(reason);
    await closed;
    await expect(client.content({ signal: controller.signal })).rejects.toBe(reason);
  });

  it('is repeated on another connection where a kept one has died, if it only reads', async () => {
    const dead = new Set<unknown>();
    const dying =
      (xml: string): Handler =>
      (response, { socket }) => {
        if (dead.has(socket)) socket.destroy();
        else send(response, xml);
        dead.add(socket);
      };
    await start({ CurrentTime: dying(TIME), PowerOnVM_Task: dying(TASK) }, { maxConnections: 1 });
    for (let n = 0; n < 3; n += 1) await client.call('CurrentTime', INSTANCE, {});
    expect(server?.times('CurrentTime')).toBe(5);
    const mutation = await failure(client.call('PowerOnVM_Task', VM, {}));
    expect(mutation).toMatchObject({ reason: 'CUT_OFF', sent: true });
    expect(server?.times('PowerOnVM_Task')).toBe(1);
  });

  it('uses no more connections than it may', async () => {
    const sockets = new Set<unknown>();
    await start(
      {
        CurrentTime: (response, { socket }) => {
          sockets.add(socket);
          setImmediate(() => send(response, TIME));
        },
      },
      { maxConnections: 3 },
    );
    await Promise.all(Array.from({ length: 30 }, () => client.call('CurrentTime', INSTANCE, {})));
    expect(sockets.size).toBe(3);
  });

  it('to nobody is UNREACHABLE, and was not sent', async () => {
    await start({});
    await server?.stop();
    expect(await failure(client.content())).toMatchObject({ reason: 'UNREACHABLE', sent: false });
    server = null;
  });
});

describe('a certificate', () => {
  const sha256 = createHash('sha256').update(new X509Certificate(pem).raw).digest('hex');

  it('is trusted by its authority', async () => {
    await start({}, { url: 'https', caFile: certificate });
    expect((await client.content()).about.name).toBe('vCenter');
  });

  it.each([sha256, sha256.toUpperCase().replace(/..(?!$)/g, '$&:')])(
    'is trusted by its fingerprint %s',
    async (pin) => {
      await start({}, { url: 'https', certificateSha256: pin });
      expect((await client.content()).about.name).toBe('vCenter');
    },
  );

  it.each([
    ['of nobody we know', {}],
    [
      'with another fingerprint',
      { certificateSha256: sha256.replace(/^../, (pair) => (pair === '00' ? '01' : '00')) },
    ],
    ['for an authority whose file is not there', { caFile: '/nonexistent/ca.pem' }],
  ])('%s is refused before anything is sent', async (_what, options) => {
    await start({}, { url: 'https', ...options });
    expect(await failure(client.content())).toMatchObject({ reason: 'CERTIFICATE', sent: false });
    expect(server?.calls).toEqual([]);
  });

  it('whose fingerprint is none is a mistake of the configuration', async () => {
    await start({});
    const options = { url: 'https://x/sdk', username: '', password: '', callTimeoutMs: 1 };
    expect(() => new VimClient({ ...options, certificateSha256: 'abc' })).toThrow(TypeError);
    expect(() => new VimClient({ ...options, url: 'ftp://x/sdk' })).toThrow(TypeError);
  });
});
