import { until } from '../../support/until';
import type { GatewayClient } from '../support/gateway-client';
import { GatewayOnLibvirt, TEMPLATE_VOLUME } from '../support/gateway-on-libvirt';
import type { GatewayHome } from '../support/gateway-process';
import {
  createNetwork,
  createVm,
  deleteNetwork,
  operateVm,
  welcomeCustomer,
} from '../support/gateway-requests';
import type { Customer, StartedOn } from '../support/gateway-requests';
import { startMariadb } from '../support/mariadb';
import type { Mariadb } from '../support/mariadb';
import { followTask } from '../support/task-follower';
import type { SeenEvent } from '../support/task-follower';
import { expectGaplessOutboxAt, expectWholeHistory } from '../support/task-history';

jest.setTimeout(120_000);

/** Few at a time, so that one process cannot take them all before the other looks. */
const TASKS = { concurrency: 2 };
const VMS = 8;

let mariadb: Mariadb;
let stage: GatewayOnLibvirt;
let replica: GatewayHome;
let customer: Customer;
/** The operator, speaking with the other gateway. */
let elsewhere: GatewayClient;

const closers: (() => Promise<void>)[] = [];

beforeAll(async () => {
  mariadb = await startMariadb();
  closers.push(() => mariadb.stop());
  stage = await GatewayOnLibvirt.make({
    config: { database: { type: 'mysql', url: mariadb.url }, tasks: TASKS },
  });
  closers.push(() => stage.remove());
  replica = await stage.replica();
  closers.push(() => replica.remove());
  await Promise.all([stage.home.start(), replica.start()]);
  await stage.backendIs('ONLINE');
  customer = await welcomeCustomer(stage.administrator, { backend: 'lab', imageRef: TEMPLATE_VOLUME });
  elsewhere = customer.operator.at(() => replica.url);
});

afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

function newVm(name: string, change: object = {}): object {
  const { templateId } = customer;
  return { name, templateId, backend: 'lab', memoryMib: 128, diskGib: 1, powerOn: false, ...change };
}

/** Asks for several VMs at once, the even ones of one gateway and the odd ones of the other. */
function askForVms(prefix: string): Promise<StartedOn[]> {
  return Promise.all(
    Array.from({ length: VMS }, (_, index) =>
      createVm(index % 2 === 0 ? customer.operator : elsewhere, newVm(`${prefix}-${index}`)),
    ),
  );
}

/** How many turns with a task the gateway's log tells of. */
function turnsOf(home: GatewayHome): number {
  return home.process.output.split('A turn with a task is over.').length - 1;
}

async function expectAllMade(histories: readonly SeenEvent[][]): Promise<void> {
  for (const events of histories) await expectWholeHistory(customer.operator, events);
  expect(await stage.virsh.domains()).toHaveLength(VMS);
}

async function expectAllDeleted(vms: readonly StartedOn[]): Promise<void> {
  const going = await Promise.all(vms.map(({ id }) => operateVm(customer.operator, 'deleteVm', { id })));
  const ends = await Promise.all(going.map(({ taskId }) => followTask(elsewhere, taskId)));
  expect(ends.map((events) => events.at(-1)?.kind)).toEqual(ends.map(() => 'SUCCEEDED'));
  expect(await stage.leftovers()).toEqual([]);
}

describe('gateways on one MariaDB', () => {
  it('make a network and a VM and remove them', async () => {
    const { operator } = customer;
    const network = await createNetwork(operator, {
      ...{ backend: 'lab', name: 'front', cidr: '10.78.0.0/24', mode: 'NAT' },
    });
    const vm = await createVm(elsewhere, newVm('web', { networkIds: [network.id], powerOn: true }));
    const events = await followTask(operator, vm.taskId);
    await expectWholeHistory(elsewhere, events);
    expect(new Set(events.map(({ task }) => task.progress)).size).toBeGreaterThanOrEqual(5);
    const gone = await operateVm(operator, 'deleteVm', { id: vm.id });
    expect((await followTask(elsewhere, gone.taskId)).at(-1)?.kind).toBe('SUCCEEDED');
    const closed = await deleteNetwork(elsewhere, network.id);
    expect((await followTask(operator, closed.taskId)).at(-1)?.kind).toBe('SUCCEEDED');
    expect(await stage.leftovers()).toEqual([]);
  });

  it('share the work, and tell of each other’s', async () => {
    const before = [turnsOf(stage.home), turnsOf(replica)] as const;
    const vms = await askForVms('shared');
    await expectAllMade(await Promise.all(vms.map(({ taskId }) => followTask(elsewhere, taskId))));
    expect(turnsOf(stage.home)).toBeGreaterThan(before[0]);
    expect(turnsOf(replica)).toBeGreaterThan(before[1]);
    await expectAllDeleted(vms);
  });

  it('take over from one that is killed', async () => {
    await replica.process.stop('SIGTERM');
    const mortal = await replica.start({ crashAt: 'CREATE_VM/create-vm/create:after' });
    const vms = await askForVms('orphaned');
    const following = Promise.all(vms.map(({ taskId }) => followTask(customer.operator, taskId)));
    expect(await mortal.ended).toEqual({ code: null, signal: 'SIGKILL' });
    const histories = await following;
    expect(histories.some((events) => events.at(-1)?.task.attempts === 2)).toBe(true);
    await expectAllMade(histories);
    await replica.start();
    await expectAllDeleted(vms);
  });

  it('outlive the death of their database in the middle of the work', async () => {
    const vms = await askForVms('steady');
    const deaths: Promise<void>[] = [];
    const following = Promise.all(
      vms.map(({ taskId }) =>
        followTask(customer.operator, taskId, {
          onEvent: ({ task }) => {
            const atWork = task.steps.some(
              ({ name, status }) => name === 'create-vm' && status === 'RUNNING',
            );
            if (deaths.length === 0 && atWork) deaths.push(mariadb.kill());
          },
        }),
      ),
    );
    await until(
      () => deaths.length,
      (count) => count > 0,
      30_000,
    );
    await deaths[0];
    await until(
      async () => (await fetch(`${stage.home.url}/readyz`)).status,
      (status) => status === 503,
    );
    await expect(stage.administrator.request('{ tenants { nodes { id } } }')).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
    await mariadb.restart();
    await expectAllMade(await following);
    await expectAllDeleted(vms);
  });

  it('leave numbers without gaps behind', async () => {
    expect(await stage.home.process.stop('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(await replica.process.stop('SIGTERM')).toEqual({ code: 0, signal: null });
    await expectGaplessOutboxAt(mariadb.url);
  });
});
