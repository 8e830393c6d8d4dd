import { GatewayOnLibvirt, TEMPLATE_VOLUME } from '../support/gateway-on-libvirt';
import {
  createNetwork,
  createVm,
  deleteNetwork,
  operateVm,
  welcomeCustomer,
} from '../support/gateway-requests';
import type { Customer, StartedOn, VmOperation } from '../support/gateway-requests';
import { OperatedVm } from '../support/operated-vm';
import { followTask } from '../support/task-follower';
import { expectGaplessOutbox, expectWholeHistory } from '../support/task-history';

jest.setTimeout(180_000);

/** What is asked of one VM in this order, where the gateway dies over it, and how the VM ends; boots are counted. */
const OPERATIONS: readonly {
  readonly operation: VmOperation;
  readonly input?: object;
  readonly crashAt: string;
  readonly ends: object;
  readonly boots?: number;
}[] = [
  { operation: 'suspendVm', crashAt: 'SUSPEND_VM/suspend-vm/mutate:after', ends: { status: 'SUSPENDED' } },
  { operation: 'resumeVm', crashAt: 'RESUME_VM/resume-vm/mutate:after', ends: { status: 'RUNNING' } },
  {
    operation: 'resizeVm',
    input: { cpuCount: 2, allowRestart: true },
    crashAt: 'RESIZE_VM/stop-vm/stop:after',
    ends: { status: 'RUNNING', cpuCount: 2 },
    boots: 2,
  },
  {
    operation: 'resizeVm',
    input: { memoryMib: 160, diskGib: 2, allowRestart: true },
    crashAt: 'RESIZE_VM/resize-vm/resize:after',
    ends: { status: 'RUNNING', memoryMib: 160, diskGib: 2 },
    boots: 3,
  },
  {
    operation: 'resizeVm',
    input: { cpuCount: 1, allowRestart: true },
    crashAt: 'RESIZE_VM/start-vm/start:after',
    ends: { status: 'RUNNING', cpuCount: 1 },
    boots: 4,
  },
  { operation: 'stopVm', crashAt: 'STOP_VM/stop-vm/mutate:after', ends: { status: 'STOPPED' } },
  { operation: 'startVm', crashAt: 'START_VM/start-vm/mutate:after', ends: { status: 'RUNNING' }, boots: 5 },
  { operation: 'deleteVm', crashAt: 'DELETE_VM/delete-vm/delete:after', ends: { status: 'DELETED' } },
];

let stage: GatewayOnLibvirt;
let customer: Customer;
let network: StartedOn;
let vm: OperatedVm;

beforeAll(async () => {
  stage = await GatewayOnLibvirt.make();
  await stage.home.start();
  await stage.backendIs('ONLINE');
  customer = await welcomeCustomer(stage.administrator, { backend: 'lab', imageRef: TEMPLATE_VOLUME });
});

afterAll(async () => {
  await stage.remove();
});

/** Asks a gateway that dies over it, and follows the task to its end by the next one. */
async function overDeath(crashAt: string, ask: () => Promise<StartedOn>): Promise<StartedOn> {
  await stage.home.process.stop('SIGTERM');
  const mortal = await stage.home.start({ crashAt });
  const started = await ask();
  const following = followTask(customer.operator, started.taskId);
  expect(await mortal.ended).toEqual({ code: null, signal: 'SIGKILL' });
  await stage.home.start();
  const events = await following;
  await expectWholeHistory(customer.operator, events);
  expect(events.at(-1)?.task.attempts).toBe(2);
  return started;
}

describe('a gateway that is killed over', () => {
  it('the making of a network makes one', async () => {
    const { operator } = customer;
    network = await overDeath('CREATE_NETWORK/create-network/create:after', () =>
      createNetwork(operator, { backend: 'lab', name: 'front', cidr: '10.76.0.0/24', mode: 'NAT' }),
    );
    expect(await stage.virsh.networks()).toHaveLength(1);
    const { id, taskId } = await createVm(operator, {
      ...{ name: 'one', templateId: customer.templateId, backend: 'lab' },
      ...{ memoryMib: 128, diskGib: 1, networkIds: [network.id] },
    });
    expect((await followTask(operator, taskId)).at(-1)?.kind).toBe('SUCCEEDED');
    vm = new OperatedVm(operator, id);
    await vm.logs('GUEST-READY', 1);
  });

  it.each(OPERATIONS)(
    '$operation at $crashAt does it once',
    async ({ operation, input, crashAt, ends, boots }) => {
      await overDeath(crashAt, () => operateVm(customer.operator, operation, { id: vm.id, ...input }));
      expect(await vm.look()).toMatchObject(ends);
      if (boots !== undefined) await vm.logs('GUEST-READY', boots);
    },
  );

  it('the removal of a network leaves nothing', async () => {
    await overDeath('DELETE_NETWORK/delete-network/delete:after', () =>
      deleteNetwork(customer.operator, network.id),
    );
    expect(await stage.leftovers()).toEqual([]);
    await stage.home.process.stop('SIGTERM');
    expectGaplessOutbox(stage.home.databaseFile);
  });
});
