import { until } from '../../support/until';
import { GatewayOnVcenter, TEMPLATE } from '../support/gateway-on-vcenter';
import { createVm, operateVm, welcomeCustomer } from '../support/gateway-requests';
import type { Customer, StartedOn } from '../support/gateway-requests';
import { followTask } from '../support/task-follower';
import { expectGaplessOutbox, expectWholeHistory } from '../support/task-history';

jest.setTimeout(120_000);

/** A task of the server's, as its description calls it. */
type ServerTask = 'clone' | 'reconfigure' | 'powerOn' | 'powerOff' | 'destroy';

type Moment = 'has just begun' | 'is under way' | 'has just ended';

const MOMENTS: readonly Moment[] = ['has just begun', 'is under way', 'has just ended'];

const CREATION: readonly ServerTask[] = ['clone', 'reconfigure', 'powerOn'];
const DELETION: readonly ServerTask[] = ['powerOff', 'destroy'];

function at<T>(tasks: readonly T[]): readonly (readonly [T, Moment])[] {
  return tasks.flatMap((task) => MOMENTS.map((moment) => [task, moment] as const));
}

const SIZE = { cpuCount: 2, memoryMib: 512 };

let stage: GatewayOnVcenter;
let customer: Customer;

beforeAll(async () => {
  // A task is long enough to be written down while it runs.
  stage = await GatewayOnVcenter.make({ taskMs: 350 });
  await stage.home.start();
  await stage.backendIs('ONLINE');
  customer = await welcomeCustomer(stage.administrator, { backend: 'dc', imageRef: TEMPLATE });
});

afterAll(async () => {
  await stage.home.process.stop('SIGTERM');
  expectGaplessOutbox(stage.home.databaseFile);
  await stage.remove();
});

/** Kills the vCenter at that moment of the next such task, and starts it again. */
async function killDuring(task: ServerTask, moment: Moment, known: readonly string[] = []): Promise<void> {
  const { key } = await stage.task(`VirtualMachine.${task}`, (info) => !known.includes(info.key));
  if (moment === 'is under way') await until(async () => (await stage.vcenter.written()).includes(key));
  if (moment === 'has just ended') await stage.taskEnd(key);
  await stage.vcenter.kill();
  await stage.vcenter.start();
}

async function askForVm(): Promise<StartedOn> {
  const { operator, templateId } = customer;
  return createVm(operator, { name: 'one', templateId, backend: 'dc', memoryMib: 256, diskGib: 1 });
}

/** The operation ends well, by itself. */
async function expectSuccess({ taskId }: StartedOn): Promise<void> {
  await expectWholeHistory(customer.operator, await followTask(customer.operator, taskId));
}

async function expectStatus({ id }: StartedOn, expected: object): Promise<void> {
  const look = 'query ($id: ID!) { vm(id: $id) { status cpuCount memoryMib diskGib } }';
  expect((await customer.operator.request(look, { id })).vm).toMatchObject(expected);
}

async function expectDeleted({ id }: StartedOn): Promise<void> {
  await expectSuccess(await operateVm(customer.operator, 'deleteVm', { id }));
  expect(await stage.vms()).toEqual([]);
}

describe('a vCenter that is killed and started again', () => {
  it.each(at(CREATION))('when the %s of a creation %s has one VM in the end', async (task, moment) => {
    const killed = killDuring(task, moment);
    const vm = await askForVm();
    await killed;
    await expectSuccess(vm);
    await expectStatus(vm, { status: 'RUNNING' });
    expect(await stage.vms()).toMatchObject([{ 'runtime.powerState': 'poweredOn' }]);
    await expectDeleted(vm);
  });

  it.each(at<ServerTask>(['reconfigure']))('when the %s of a resize %s', async (task, moment) => {
    const vm = await askForVm();
    await expectSuccess(vm);
    const { key } = await stage.task(`VirtualMachine.${task}`, () => true);
    const killed = killDuring(task, moment, [key]);
    const size = { id: vm.id, ...SIZE, allowRestart: true };
    const resize = await operateVm(customer.operator, 'resizeVm', size);
    await killed;
    await expectSuccess(resize);
    await expectStatus(vm, { status: 'RUNNING', ...SIZE });
    await expectDeleted(vm);
  });

  it.each(at(DELETION))('when the %s of a deletion %s has none in the end', async (task, moment) => {
    const vm = await askForVm();
    await expectSuccess(vm);
    const killed = killDuring(task, moment);
    const deletion = await operateVm(customer.operator, 'deleteVm', { id: vm.id });
    await killed;
    await expectSuccess(deletion);
    await expectStatus(vm, { status: 'DELETED' });
    expect(await stage.vms()).toEqual([]);
  });
});
