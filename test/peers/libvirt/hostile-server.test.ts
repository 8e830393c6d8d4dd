import { until } from '../../support/until';
import { FakeRpcServer } from '../../support/libvirt/fake-rpc-server';
import type { CallHandler } from '../../support/libvirt/fake-rpc-server';
import { frameBytes, u32 } from '../../support/libvirt/frames';
import { PROCEDURE } from '../../../src/providers/libvirt/client/procedures';
import { GatewayClient } from '../support/gateway-client';
import { ADMIN_TOKEN, GatewayHome } from '../support/gateway-process';
import { createNetwork, createVm, operateVm, welcomeCustomer } from '../support/gateway-requests';
import type { Customer } from '../support/gateway-requests';
import { followTask } from '../support/task-follower';

jest.setTimeout(60_000);

/** Everything after the handshake is answered with one of these. */
const ANSWERS: readonly (readonly [string, CallHandler])[] = [
  ['a length below a header’s', (_call, peer) => peer.raw(u32(3, 0, 0, 0, 0, 0, 0))],
  ['a length beyond the limit', (_call, peer) => peer.raw(u32(0x7fffffff, 0, 0, 0))],
  ['bytes that mean nothing', (_call, peer) => peer.raw(Buffer.alloc(4096, 0xff))],
  ['an HTTP answer', (_call, peer) => peer.raw(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'))],
  ['an answer to nobody', (call, peer) => peer.raw(frameBytes({ ...call, type: 1, serial: 999_999 }))],
  ['an answer that breaks off', (call, peer) => peer.raw(frameBytes({ ...call, type: 1 }).subarray(0, 20))],
  ['a payload cut short', (call, peer) => peer.reply(call, u32(1))],
  ['a payload that claims too much', (call, peer) => peer.reply(call, u32(0x7ffffff0, 0x7ffffff0))],
  ['an error without a message', (call, peer) => peer.raw(frameBytes({ ...call, type: 1, status: 1 }))],
  ['the end of the connection', (_call, peer) => peer.cut()],
];

let server: FakeRpcServer;
let home: GatewayHome;
let administrator: GatewayClient;
let customer: Customer;
let answer: CallHandler = (_call, peer) => peer.cut();
/** How many calls have been answered so. */
let answered = 0;

beforeAll(async () => {
  server = await FakeRpcServer.start();
  for (const procedure of Object.values(PROCEDURE)) {
    if (HANDSHAKE.has(procedure)) continue;
    server.on(procedure, (call, peer) => {
      answered += 1;
      answer(call, peer);
    });
  }
  const calls = { callTimeoutMs: 1_000 };
  home = await GatewayHome.make({
    backends: [
      { name: 'hostile', kind: 'libvirt', location: 'INTERNAL', uri: server.uri, ...calls },
      { name: 'honest', kind: 'memory', location: 'INTERNAL' },
    ],
  });
  await home.start();
  administrator = new GatewayClient(() => home.url, ADMIN_TOKEN);
  customer = await welcomeCustomer(administrator, { backend: 'honest', imageRef: 'any' });
});

afterAll(async () => {
  await home.remove();
  await server.stop();
});

const HANDSHAKE: ReadonlySet<number> = new Set([
  PROCEDURE.authList,
  PROCEDURE.connectSupportsFeature,
  PROCEDURE.connectOpen,
  PROCEDURE.connectGetLibVersion,
]);

async function statusOf(name: string): Promise<string> {
  const { backends } = await administrator.request('{ backends { name status } }');
  return backends.find((backend: { name: string }) => backend.name === name).status as string;
}

/** Asks the hostile hypervisor whether it has an image. */
function registerTrap(): Promise<unknown> {
  return administrator.request(
    `mutation { registerTemplate(input: {
      name: "trap", realizations: [{ backend: "hostile", imageRef: "guest" }]
    }) { template { id } } }`,
  );
}

describe('a hypervisor that answers with', () => {
  it.each(ANSWERS)('%s is away, and only that', async (_what, nonsense) => {
    answer = nonsense;
    answered = 0;
    const { operator, templateId } = customer;
    // The circuit of a backend that failed before lets one call through now and then.
    await until(
      async () => {
        await expect(registerTrap()).rejects.toMatchObject({
          code: expect.stringMatching(/^(UNAVAILABLE|DEADLINE_EXCEEDED)$/),
        });
        return answered;
      },
      (count) => count > 0,
      20_000,
      200,
    );
    await until(
      () => statusOf('hostile'),
      (status) => status === 'OFFLINE',
      20_000,
      50,
    );

    const vm = await createVm(operator, { name: 'fine', templateId, backend: 'honest' });
    expect((await followTask(operator, vm.taskId)).at(-1)?.kind).toBe('SUCCEEDED');
    const gone = await operateVm(operator, 'deleteVm', { id: vm.id });
    expect((await followTask(operator, gone.taskId)).at(-1)?.kind).toBe('SUCCEEDED');
    expect(await statusOf('honest')).toBe('ONLINE');
    expect((await fetch(`${home.url}/readyz`)).status).toBe(200);
  });

  it('nonsense keeps its tasks waiting, with the reason, until somebody cancels them', async () => {
    answer = ANSWERS[0]![1];
    const { operator } = customer;
    const { taskId } = await createNetwork(operator, {
      ...{ backend: 'hostile', name: 'front', cidr: '10.79.0.0/24', mode: 'NAT' },
    });
    const cancellations: Promise<unknown>[] = [];
    const events = await followTask(operator, taskId, {
      onEvent: ({ task }) => {
        if (cancellations.length > 0 || !task.message?.startsWith('Trying again')) return;
        const mutation = 'mutation ($taskId: ID!) { cancelTask(input: { id: $taskId }) { task { id } } }';
        cancellations.push(operator.request(mutation, { taskId }));
      },
    });
    await Promise.all(cancellations);
    expect(events.map(({ task }) => task.message)).toContain(
      'Trying again: The hypervisor cannot be reached.',
    );
    expect(events.at(-1)?.kind).toBe('CANCELLED');
    expect(await home.process.stop('SIGTERM')).toEqual({ code: 0, signal: null });
  });
});
