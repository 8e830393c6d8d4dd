import { until } from '../../support/until';
import { GatewayOnVcenter, TEMPLATE } from '../support/gateway-on-vcenter';
import { createVm, operateVm, welcomeCustomer } from '../support/gateway-requests';
import type { Customer, StartedOn } from '../support/gateway-requests';
import { followTask } from '../support/task-follower';
import { expectGaplessOutbox, expectWholeHistory } from '../support/task-history';

jest.setTimeout(120_000);

/** A task of the server's, as its description calls it. */
type ServerTask = 'clone' | 'reconfigure' | 'powerOn' | 'powerOff' | 'destroy';

type Moment = 'begun' | 'under way' | 'ended';

/** The task of each operation on one VM over which the vCenter dies, if any; each at every moment. */
interface Life {
  readonly creation: ServerTask;
  readonly resize: ServerTask | null;
  readonly deletion: ServerTask | null;
}

const LIVES: readonly Life[] = [
  { creation: 'clone', resize: 'reconfigure', deletion: 'destroy' },
  { creation: 'reconfigure', resize: 'powerOn', deletion: 'powerOff' },
  // The tasks of the other two have had their deaths.
  { creation: 'powerOn', resize: null, deletion: null },
];

const MOMENTS: readonly Moment[] = ['begun', 'under way', 'ended'];

const SIZE = { cpuCount: 2, memoryMib: 512, diskGib: 2 };

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
async function killDuring(description: string, moment: Moment, earlier: readonly string[]): Promise<void> {
  const [key = ''] = await until(
    async () => (await stage.taskKeys(description)).filter((known) => !earlier.includes(known)),
    (keys) => keys.length > 0,
    30_000,
  );
  if (moment === 'under way') await until(async () => (await stage.vcenter.written()).includes(key));
  if (moment === 'ended') await stage.taskEnd(key);
  await stage.vcenter.kill();
  await stage.vcenter.start();
}

/** The operation ends well by itself, although the vCenter dies over it. */
async function overDeath(
  task: ServerTask | null,
  moment: Moment,
  ask: () => Promise<StartedOn>,
): Promise<StartedOn> {
  const description = `VirtualMachine.${task ?? ''}`;
  const earlier = await stage.taskKeys(description);
  const killed = task === null ? null : killDuring(description, moment, earlier);
  const started = await ask();
  await killed;
  await expectWholeHistory(customer.operator, await followTask(customer.operator, started.taskId));
  return started;
}

async function look(id: string): Promise<object> {
  const query = 'query ($id: ID!) { vm(id: $id) { status cpuCount memoryMib diskGib } }';
  return (await customer.operator.request(query, { id })).vm;
}

describe.each(MOMENTS)('a vCenter that is killed and started again when its task is %s', (moment) => {
  it.each(LIVES)('over $creation, $resize, $deletion has one VM, then none', async (life) => {
    const { operator, templateId } = customer;
    const { id } = await overDeath(life.creation, moment, () =>
      createVm(operator, { name: 'one', templateId, backend: 'dc', memoryMib: 256, diskGib: 1 }),
    );
    expect(await look(id)).toMatchObject({ status: 'RUNNING', memoryMib: 256, diskGib: 1 });
    expect(await stage.vms()).toMatchObject([{ 'runtime.powerState': 'poweredOn' }]);

    const size = { id, ...SIZE, allowRestart: true };
    await overDeath(life.resize, moment, () => operateVm(operator, 'resizeVm', size));
    expect(await look(id)).toEqual({ status: 'RUNNING', ...SIZE });
    expect(await stage.vms()).toMatchObject([{ 'runtime.powerState': 'poweredOn' }]);

    await overDeath(life.deletion, moment, () => operateVm(operator, 'deleteVm', { id }));
    expect(await look(id)).toMatchObject({ status: 'DELETED' });
    expect(await stage.vms()).toEqual([]);
  });
});
