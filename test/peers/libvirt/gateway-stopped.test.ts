import { join } from 'node:path';
import type { SocketEnd } from '../support/gateway-client';
import { GatewayOnLibvirt, TEMPLATE_VOLUME } from '../support/gateway-on-libvirt';
import { createVm, operateVm, welcomeCustomer } from '../support/gateway-requests';
import type { Customer, StartedOn } from '../support/gateway-requests';
import { LibvirtProxy } from '../support/libvirt-proxy';
import { followTask } from '../support/task-follower';
import { expectGaplessOutbox, expectWholeHistory } from '../support/task-history';

jest.setTimeout(120_000);

const IN_THE_MIDDLE = { procedure: 'storageVolCreateXml', kind: 'REPLY' } as const;

let stage: GatewayOnLibvirt;
let proxy: LibvirtProxy;
let customer: Customer;

beforeAll(async () => {
  const socketPath = ({ directory }: { readonly directory: string }): string => join(directory, 'proxy');
  stage = await GatewayOnLibvirt.make({ socketPath, config: { server: { drainMs: 3_000 } } });
  proxy = new LibvirtProxy(stage.daemon.socketPath);
  await proxy.listen(socketPath(stage.daemon));
  await stage.home.start();
  await stage.backendIs('ONLINE');
  customer = await welcomeCustomer(stage.administrator, { backend: 'lab', imageRef: TEMPLATE_VOLUME });
});

afterAll(async () => {
  await proxy.close();
  await stage.remove();
});

function askForVm(): Promise<StartedOn> {
  const { templateId, operator } = customer;
  return createVm(operator, { name: 'one', templateId, backend: 'lab', memoryMib: 128, diskGib: 1 });
}

/** A subscriber's socket: resolves with how the gateway closes it. */
async function watchedSocket(): Promise<{ closed: Promise<SocketEnd> }> {
  let tell: (end: SocketEnd) => void = () => undefined;
  const closed = new Promise<SocketEnd>((resolve) => (tell = resolve));
  const opened = new Promise<void>((resolve) => {
    const socket = customer.operator.socket(tell);
    socket.on('connected', () => resolve());
    socket.subscribe(
      { query: 'subscription { vmEvents { kind } }' },
      { next: () => undefined, error: () => undefined, complete: () => undefined },
    );
  });
  await opened;
  return { closed };
}

/** @param handedBack how far the step under way was when the first process gave the task back */
async function expectContinued({ id, taskId }: StartedOn, handedBack: string): Promise<void> {
  const { operator } = customer;
  const events = await followTask(operator, taskId);
  await expectWholeHistory(operator, events);
  expect(events.at(-1)?.task.attempts).toBe(2);
  const pauses = events.filter(({ task }) => task.message === 'Waiting for a worker.');
  expect(pauses.at(0)?.task.steps).toContainEqual({ name: 'create-vm', status: handedBack });
  expect(await stage.virsh.domains()).toHaveLength(1);
  const gone = await operateVm(operator, 'deleteVm', { id });
  expect((await followTask(operator, gone.taskId)).at(-1)?.kind).toBe('SUCCEEDED');
  expect(await stage.leftovers()).toEqual([]);
}

describe('a gateway that is told to stop while it makes a VM', () => {
  it('finishes the step under way, hands the task back, and goes on after the next start', async () => {
    const { closed } = await watchedSocket();
    const { process: gateway } = stage.home;
    const stopping = proxy.before(IN_THE_MIDDLE, async () => {
      gateway.signal('SIGTERM');
      expect(await closed).toMatchObject({ code: 1001, reason: 'Service restarting (SIGTERM)' });
    });
    const asked = await askForVm();
    await stopping;
    expect(await gateway.ended).toEqual({ code: 0, signal: null });

    await stage.home.start();
    await expectContinued(asked, 'SUCCEEDED');
  });

  it('gives up a step that outlasts the drain time, and takes it up again after the next start', async () => {
    const { process: gateway } = stage.home;
    const stopped = proxy.before(IN_THE_MIDDLE, async () => {
      expect(await gateway.stop('SIGTERM')).toEqual({ code: 0, signal: null });
    });
    const asked = await askForVm();
    await stopped;
    await stage.home.start();
    await expectContinued(asked, 'RUNNING');
    await stage.home.process.stop('SIGTERM');
    expectGaplessOutbox(stage.home.databaseFile);
  });
});
