import { startGateway } from '../../../src/gateway/gateway';
import { silentLogger } from '../../../src/kernel';
import { loadConfig } from '../../../src/config';
import { backendConfigSchemas } from '../../../src/providers/registry';
import { SIMULATORS } from '../../../src/simulators/registry';
import { createVmWorkflow } from '../../../src/vms';
import { deadlyPointsOf } from '../support/deadly-points';
import { GatewayClient } from '../support/gateway-client';
import { GatewayOnLibvirt, TEMPLATE_VOLUME } from '../support/gateway-on-libvirt';
import { ADMIN_TOKEN } from '../support/gateway-process';
import { createVm, operateVm, welcomeCustomer } from '../support/gateway-requests';
import type { Customer } from '../support/gateway-requests';
import { followTask } from '../support/task-follower';
import { expectGaplessOutbox, expectWholeHistory } from '../support/task-history';

jest.setTimeout(120_000);

const passed: string[] = [];
// In this process no point kills; each one that is passed is noted.
jest.mock('../../../src/kernel/crash-point', () => ({
  armCrashPoints: () => undefined,
  crashPoint: (name: string) => void passed.push(name),
}));

const WORKFLOW = createVmWorkflow({} as Parameters<typeof createVmWorkflow>[0]);
const STEPS = WORKFLOW.steps.map(({ name }) => name);

/** Around every step, and around every call of a step that changes something outside. */
const POINTS = [
  ...STEPS.flatMap((step) => ['begun', 'done', 'committed'].map((place) => `CREATE_VM/${step}:${place}`)),
  ...['before', 'after'].map((place) => `CREATE_VM/create-vm/create:${place}`),
  ...['before', 'after'].map((place) => `CREATE_VM/set-power/set-power:${place}`),
  ...['pool', 'disk', 'seed', 'console', 'define'].map((call) => `libvirt.createVm.${call}`),
  'CREATE_VM:ending',
  'CREATE_VM:ended',
];

/** On SQLite the next process takes over at once. A short lease would run out on a busy machine, and count as an attempt. */
const PATIENT = { leaseMs: 30_000, heartbeatMs: 1_000, pollMs: 100 };

let stage: GatewayOnLibvirt;
let customer: Customer;

beforeAll(async () => {
  stage = await GatewayOnLibvirt.make({ config: { tasks: PATIENT } });
  await stage.home.start();
  await stage.backendIs('ONLINE');
  customer = await welcomeCustomer(stage.administrator, { backend: 'lab', imageRef: TEMPLATE_VOLUME });
  await stage.home.process.stop('SIGTERM');
});

afterAll(async () => {
  await stage.remove();
});

function newVm(name: string): object {
  const { templateId } = customer;
  return { name, templateId, backend: 'lab', memoryMib: 128, diskGib: 1, userData: '#cloud-config\n{}\n' };
}

async function expectDeleted(id: string): Promise<void> {
  const { taskId } = await operateVm(customer.operator, 'deleteVm', { id });
  expect((await followTask(customer.operator, taskId)).at(-1)?.kind).toBe('SUCCEEDED');
  expect(await stage.leftovers()).toEqual([]);
}

describe('a gateway that is killed', () => {
  it.each(POINTS)('at %s and started again makes one VM', async (crashAt) => {
    const { operator } = customer;
    const mortal = await stage.home.start({ crashAt });
    const { id, taskId } = await createVm(operator, newVm('one'));
    const following = followTask(operator, taskId);
    expect(await mortal.ended).toEqual({ code: null, signal: 'SIGKILL' });

    const next = await stage.home.start();
    const events = await following;
    await expectWholeHistory(operator, events);
    expect(events.at(-1)?.task.attempts).toBe(crashAt === 'CREATE_VM:ended' ? 1 : 2);
    expect((await operator.request('query ($id: ID!) { vm(id: $id) { status } }', { id })).vm.status).toBe(
      'RUNNING',
    );
    expect(await stage.virsh.domains()).toHaveLength(1);
    await expectDeleted(id);
    expect(await next.stop('SIGTERM')).toEqual({ code: 0, signal: null });
    expectGaplessOutbox(stage.home.databaseFile);
  });

  it('was killed at every point around the backend that a creation passes', async () => {
    const config = loadConfig({
      providers: backendConfigSchemas(),
      simulators: SIMULATORS,
      env: { HYPERGATE_CONFIG: await stage.home.writeConfig() },
    });
    const gateway = await startGateway({ config, logger: silentLogger });
    try {
      const operator = new GatewayClient(() => gateway.http.url, ADMIN_TOKEN);
      const input = { tenantId: customer.tenantId, ...newVm('noted') };
      const { id, taskId } = await createVm(operator, input);
      await followTask(operator, taskId);
      expect(passed.filter(deadlyPointsOf([WORKFLOW])).sort()).toEqual([...POINTS].sort());
      const gone = await operateVm(operator, 'deleteVm', { id });
      await followTask(operator, gone.taskId);
    } finally {
      await gateway.close();
    }
    expect(await stage.leftovers()).toEqual([]);
  });
});
