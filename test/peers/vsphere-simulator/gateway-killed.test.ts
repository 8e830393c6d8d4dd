import { loadConfig } from '../../../src/config';
import { startGateway } from '../../../src/gateway/gateway';
import { silentLogger } from '../../../src/kernel';
import { backendConfigSchemas } from '../../../src/providers/registry';
import { SIMULATORS } from '../../../src/simulators/registry';
import { createVmWorkflow, deleteVmWorkflow, resizeVmWorkflow } from '../../../src/vms';
import { deadlyPointsOf } from '../support/deadly-points';
import { GatewayClient } from '../support/gateway-client';
import { GatewayOnVcenter, TEMPLATE } from '../support/gateway-on-vcenter';
import { ADMIN_TOKEN } from '../support/gateway-process';
import { createVm, operateVm, welcomeCustomer } from '../support/gateway-requests';
import type { Customer, StartedOn } from '../support/gateway-requests';
import { followTask } from '../support/task-follower';
import type { SeenEvent } from '../support/task-follower';
import { expectGaplessOutbox, expectWholeHistory } from '../support/task-history';

jest.setTimeout(120_000);

const passed = new Set<string>();
// In this process no point kills; each one that is passed is noted.
jest.mock('../../../src/kernel/crash-point', () => ({
  armCrashPoints: () => undefined,
  crashPoint: (name: string) => void passed.add(name),
}));

interface Steps {
  readonly operation: string;
  readonly steps: readonly { readonly name: string }[];
}

/** Around every step, around every call that changes something outside, and between the stages of such a call. */
function pointsOf({ operation, steps }: Steps, calls: readonly string[], staged: string): string[] {
  return [
    ...steps.flatMap(({ name }) => ['begun', 'done', 'committed'].map((at) => `${operation}/${name}:${at}`)),
    ...calls.flatMap((call) => ['before', 'after'].map((at) => `${operation}/${call}:${at}`)),
    ...['heard', 'left'].flatMap((at) => (staged === '' ? [] : [`${operation}/${staged}:CONTINUE:${at}`])),
    `${operation}:ending`,
    `${operation}:ended`,
  ];
}

const CREATE = createVmWorkflow({} as never);
const RESIZE_VM = resizeVmWorkflow({} as never);
const DELETE = deleteVmWorkflow({} as never);

const CREATION = pointsOf(CREATE, ['create-vm/create', 'set-power/set-power'], 'create');
const RESIZE = pointsOf(RESIZE_VM, ['stop-vm/stop', 'resize-vm/resize', 'start-vm/start'], '');
const DELETION = pointsOf(DELETE, ['delete-vm/delete'], 'delete');

const POINTS = [...CREATION, ...RESIZE, ...DELETION];

/** Around steps that change nothing on the backend: there the engine is alone, and dies in test/crash. */
const OF_THE_ENGINE = /\/(plan-restart|observe|check-image|await-networks):|:ending$|:ended$/;
const deadly = (points: readonly string[]): string[] => points.filter((point) => !OF_THE_ENGINE.test(point));
const CREATION_DEATHS = deadly(CREATION);
const RESIZE_DEATHS = deadly(RESIZE);
const DELETION_DEATHS = deadly(DELETION);
const MOST_DEATHS = Math.max(CREATION_DEATHS.length, RESIZE_DEATHS.length, DELETION_DEATHS.length);

/** The points at which the gateway dies over each operation on one VM, one after another. */
interface Life {
  readonly creation: readonly string[];
  readonly resize: readonly string[];
  readonly deletion: readonly string[];
}

/** A crash point is met anew by whoever goes on: these come by again with the second stage. */
const OVER_BOTH_STAGES: Life = {
  creation: [
    'CREATE_VM/create:CONTINUE:left',
    'CREATE_VM/create-vm/create:after',
    'CREATE_VM/create-vm:done',
  ],
  resize: [],
  deletion: [
    'DELETE_VM/delete:CONTINUE:left',
    'DELETE_VM/delete-vm/delete:after',
    'DELETE_VM/delete-vm:done',
  ],
};

/** Every VM lives through one death in each operation, until all of these have been died at. */
const LIVES: readonly Life[] = [
  ...Array.from({ length: MOST_DEATHS }, (_, index) => ({
    creation: CREATION_DEATHS.slice(index, index + 1),
    resize: RESIZE_DEATHS.slice(index, index + 1),
    deletion: DELETION_DEATHS.slice(index, index + 1),
  })),
  OVER_BOTH_STAGES,
];

/** On SQLite the next process takes over at once. A short lease would run out on a busy machine, and count as an attempt. */
const PATIENT = { leaseMs: 30_000, heartbeatMs: 1_000, pollMs: 100 };

const SIZE = { cpuCount: 2, memoryMib: 512, diskGib: 2 };

let stage: GatewayOnVcenter;
let customer: Customer;

beforeAll(async () => {
  stage = await GatewayOnVcenter.make({ taskMs: 20 }, { tasks: PATIENT });
  await stage.home.start();
  await stage.backendIs('ONLINE');
  customer = await welcomeCustomer(stage.administrator, { backend: 'dc', imageRef: TEMPLATE });
  await stage.home.process.stop('SIGTERM');
  await start(LIVES[0]?.creation[0]);
});

afterAll(async () => {
  await stage.remove();
});

function newVm(): object {
  const { templateId } = customer;
  return { name: 'one', templateId, backend: 'dc', memoryMib: 256, diskGib: 1, userData: '#cloud-config\n' };
}

/** Starts the gateway, armed where it is to die over what is asked of it next. */
async function start(crashAt: string | undefined): Promise<void> {
  await stage.home.start(crashAt === undefined ? {} : { crashAt });
}

/**
 * Asks a gateway that was started to die at the first of these points, and follows the task to its end over its death at
 * all of them. The last gateway is to die over the next operation.
 */
async function overDeaths(
  points: readonly string[],
  ask: () => Promise<StartedOn>,
  next: string | undefined,
): Promise<StartedOn> {
  const { home } = stage;
  let mortal = home.process;
  const started = await ask();
  const following = followTask(customer.operator, started.taskId);
  for (const position of points.keys()) {
    expect(await mortal.ended).toEqual({ code: null, signal: 'SIGKILL' });
    await start(points[position + 1] ?? next);
    mortal = home.process;
  }
  const events = await following;
  await expectWholeHistory(customer.operator, events);
  const attempts = 1 + points.filter((point) => !point.endsWith(':ended')).length;
  expect({ attempts: events.at(-1)?.task.attempts, messages: messagesOf(events) }).toMatchObject({
    attempts,
  });
  if (points.length > 0 || next === undefined) return started;
  await home.process.stop('SIGTERM');
  await start(next);
  return started;
}

/** For whoever wants to know why there were more attempts. */
function messagesOf(events: readonly SeenEvent[]): (string | null)[] {
  return [...new Set(events.map(({ task }) => task.message))];
}

async function expectLife({ creation, resize, deletion }: Life, next: string | undefined): Promise<void> {
  const { operator } = customer;
  const { id } = await overDeaths(creation, () => createVm(operator, newVm()), resize[0] ?? deletion[0]);
  const running = { 'runtime.powerState': 'poweredOn' };
  expect(await stage.vms()).toMatchObject([running]);

  if (resize.length > 0) {
    const size = { id, ...SIZE, allowRestart: true };
    await overDeaths(resize, () => operateVm(operator, 'resizeVm', size), deletion[0] ?? next);
    const look = 'query ($id: ID!) { vm(id: $id) { status cpuCount memoryMib diskGib } }';
    expect((await operator.request(look, { id })).vm).toEqual({ status: 'RUNNING', ...SIZE });
    expect(await stage.vms()).toMatchObject([running]);
  }

  await overDeaths(deletion, () => operateVm(operator, 'deleteVm', { id }), deletion[0] && next);
  expect(await stage.vms()).toEqual([]);
  expectGaplessOutbox(stage.home.databaseFile);
}

describe('a gateway that is killed', () => {
  it.each(LIVES.map((life, index) => ({ life, next: LIVES[index + 1]?.creation[0] })))(
    'at $life.creation, $life.resize and $life.deletion',
    ({ life, next }) => expectLife(life, next),
  );

  it('was killed at every point around the backend that these operations pass', async () => {
    await stage.home.process.stop('SIGTERM');
    const config = loadConfig({
      providers: backendConfigSchemas(),
      simulators: SIMULATORS,
      env: { HYPERGATE_CONFIG: await stage.home.writeConfig() },
    });
    const gateway = await startGateway({ config, logger: silentLogger });
    try {
      const operator = new GatewayClient(() => gateway.http.url, ADMIN_TOKEN);
      const { id, taskId } = await createVm(operator, { tenantId: customer.tenantId, ...newVm() });
      await followTask(operator, taskId);
      const resize = await operateVm(operator, 'resizeVm', { id, ...{ ...SIZE, allowRestart: true } });
      await followTask(operator, resize.taskId);
      await followTask(operator, (await operateVm(operator, 'deleteVm', { id })).taskId);
    } finally {
      await gateway.close();
    }
    const isDeadly = deadlyPointsOf([CREATE, RESIZE_VM, DELETE]);
    expect([...passed].filter(isDeadly).sort()).toEqual([...POINTS].sort());
    expect(await stage.vms()).toEqual([]);
  });
});
