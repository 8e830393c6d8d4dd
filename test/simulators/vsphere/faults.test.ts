import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { MethodTable } from '../../../src/simulators/vsphere/service/method';
import { envelope } from './soap-client';
import { serve } from './serve';
import type { Stage } from './serve';

const INSTANCE = ['ServiceInstance', 'ServiceInstance'] as const;
const TIME = envelope(
  '<CurrentTime xmlns="urn:vim25"><_this type="ServiceInstance">ServiceInstance</_this></CurrentTime>',
);

let executed = 0;
const counting: MethodTable = {
  type: 'VirtualMachine',
  methods: {
    Count: () => {
      executed += 1;
      return executed;
    },
  },
};

describe('a network in trouble', () => {
  let stage: Stage;
  let vm: readonly [string, string];
  beforeEach(async () => {
    executed = 0;
    stage = await serve({ methods: [counting] });
    vm = ['VirtualMachine', stage.vms[0]!.value];
  });
  afterEach(() => stage.close());

  const count = () => stage.client.call('Count', vm);

  it('strikes only the method that it was ordered for, and once', async () => {
    stage.server.faults.next('unavailable', 'Count');
    await stage.client.call('CurrentTime', INSTANCE);
    expect((await stage.client.post(envelope('<Count xmlns="urn:vim25"/>'))).status).toBe(503);
    await count();
    expect(stage.server.faults.count('unavailable')).toBe(1);
  });

  it.each(['refuse', 'unavailable'] as const)('%s: does not execute the call', async (fault) => {
    stage.server.faults.next(fault);
    await expect(count()).rejects.toThrow();
    expect(executed).toBe(0);
    await count();
    expect(executed).toBe(1);
  });

  it('loseReply: executes the call and cuts the connection before a byte is sent', async () => {
    stage.server.faults.next('loseReply');
    await expect(count()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(executed).toBe(1);
  });

  it('dropMidReply: cuts the body short of the length that was announced', async () => {
    stage.server.faults.next('dropMidReply');
    await expect(count()).rejects.toMatchObject({ code: 'ECONNRESET', message: 'aborted' });
    expect(executed).toBe(1);
    stage.server.faults.next('dropMidReply');
    const text = await rawReply(stage, 'Connection: keep-alive');
    const [head = '', body = ''] = text.split('\r\n\r\n');
    const announced = Number(/Content-Length: (\d+)/.exec(head)![1]);
    expect(body.length).toBe(Math.ceil(announced / 2));
  });

  it('duplicateReply: sends a second copy that nobody asked for', async () => {
    stage.server.faults.next('duplicateReply');
    const text = await rawReply(stage, 'Connection: close');
    expect(text.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
    expect(text.match(/<\/soapenv:Envelope>/g)).toHaveLength(2);
  });

  it('slowDrip: brings the whole reply, a few bytes at a time', async () => {
    stage.server.faults.next('slowDrip');
    const socket = await send(stage, 'Connection: close');
    let pieces = 0;
    let text = '';
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      pieces += 1;
      text += chunk.toString();
    }
    expect(text).toContain('</soapenv:Envelope>');
    expect(pieces).toBeGreaterThan(5);
  });

  it('hang: never answers, and does not keep the server from closing', async () => {
    stage.server.faults.next('hang');
    const hanging = expect(count()).rejects.toThrow();
    await stage.client.call('CurrentTime', INSTANCE);
    await stage.close();
    await hanging;
    expect(executed).toBe(0);
  });

  it('notAuthenticated: forgets the session', async () => {
    stage.server.faults.next('notAuthenticated', 'Count');
    await expect(count()).rejects.toMatchObject({ type: 'NotAuthenticated' });
    await expect(count()).rejects.toMatchObject({ type: 'NotAuthenticated' });
    expect(executed).toBe(0);
    await stage.client.login();
    await count();
  });

  it('refuses connections until it is told to take them again', async () => {
    stage.server.refuseConnections(true);
    await expect(count()).rejects.toThrow();
    await expect(count()).rejects.toThrow();
    stage.server.refuseConnections(false);
    await count();
    expect(executed).toBe(1);
  });

  it('tells a method when its client has hung up', async () => {
    const seen = new Promise<boolean>((resolve) => {
      stage.server.registerMethods({
        type: 'VirtualMachine',
        methods: {
          Wait: ({ signal }) =>
            new Promise((done) => {
              signal.addEventListener('abort', () => {
                resolve(true);
                done(undefined);
              });
              client.close();
            }),
        },
      });
    });
    const client = stage.newClient();
    await client.login();
    await expect(client.call('Wait', vm)).rejects.toThrow();
    expect(await seen).toBe(true);
  });
});

describe('the line', () => {
  it('zips long replies for those who can read it', async () => {
    const stage = await serve();
    const content = envelope(
      '<RetrieveServiceContent xmlns="urn:vim25"><_this type="ServiceInstance">ServiceInstance</_this></RetrieveServiceContent>',
    );
    const zipped = await stage.client.post(content, { 'Accept-Encoding': 'deflate, gzip;q=0.5' });
    expect(zipped.headers['content-encoding']).toBe('gzip');
    const plain = await stage.client.post(content, { 'Accept-Encoding': 'gzip;q=0, deflate' });
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(gunzipSync(Buffer.from(zipped.text, 'latin1')).toString('latin1')).toBe(plain.text);
    await stage.close();
  });

  it('brings everything over a narrow line with latency', async () => {
    const stage = await serve({ vms: 20, line: { latencyMs: 5, jitterMs: 5, bytesPerSecond: 200_000 } });
    const [value] = await stage.client.call('Fetch', ['Folder', 'group-v1'], '<prop>childEntity</prop>');
    expect(value!.children).toHaveLength(20);
    await stage.close();
  });
});

function send(stage: Stage, header: string): Promise<Socket> {
  const { port } = new URL(stage.url);
  const head = `POST /sdk HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${TIME.length}\r\nCookie: ${stage.client.cookie}\r\n${header}\r\n\r\n`;
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () => {
      socket.write(head + TIME);
      resolve(socket);
    });
    socket.once('error', reject);
  });
}

/** Everything that comes until the server ends the connection. */
async function rawReply(stage: Stage, header: string): Promise<string> {
  let text = '';
  for await (const chunk of (await send(stage, header)) as AsyncIterable<Buffer>) text += chunk.toString();
  return text;
}
