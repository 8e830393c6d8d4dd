import { until } from '../../support/until';
import { GatewayOnVcenter, TEMPLATE } from '../support/gateway-on-vcenter';
import type { GatewayHome } from '../support/gateway-process';
import { createVm, welcomeCustomer } from '../support/gateway-requests';
import type { Customer, StartedOn } from '../support/gateway-requests';
import { startMariadb } from '../support/mariadb';
import type { Mariadb } from '../support/mariadb';
import { dutiesOf, metricsOf } from '../support/seen-metrics';
import { startPeer } from '../support/start-peer';
import type { Peer } from '../support/start-peer';
import { followTask } from '../support/task-follower';
import { expectGaplessOutboxAt, expectWholeHistory } from '../support/task-history';

jest.setTimeout(120_000);

/** Nobody who waits for the next look lives to see it: what happens, happens because of a hint. */
const DEAF = { pollMs: 3_600_000 };
const VMS = 12;

let mariadb: Mariadb;
let redis: Peer;
let stage: GatewayOnVcenter;
/** Beside `stage.home`. */
let other: GatewayHome;
let customer: Customer;
const closers: (() => Promise<void>)[] = [];

beforeAll(async () => {
  [mariadb, redis] = await Promise.all([startMariadb(), startPeer('redis')]);
  closers.push(
    () => mariadb.stop(),
    () => redis.stop(),
  );
  const shared = { database: { type: 'mysql', url: mariadb.url }, redis: { url: redis.address } };
  stage = await GatewayOnVcenter.make({ taskMs: 20 }, shared);
  closers.push(() => stage.remove());
  other = await stage.replica();
  closers.push(() => other.remove());
});

afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

function newVm(name: string): object {
  return { name, templateId: customer.templateId, backend: 'dc', memoryMib: 256, diskGib: 1, powerOn: false };
}

function turnsOf(home: GatewayHome): number {
  return home.process.output.split('A turn with a task is over.').length - 1;
}

function linesAbout(home: GatewayHome, text: string): number {
  return home.process.output.split('\n').filter((line) => line.includes(text)).length;
}

const statusOf = async (url: string): Promise<number> => (await fetch(url)).status;

async function hints(home: GatewayHome, topic: string, fate: string): Promise<number> {
  return (await metricsOf(home.url)).get(`hypergate_redis_hints_total{topic="${topic}",fate="${fate}"}`) ?? 0;
}

async function untilRedisIs(up: 0 | 1): Promise<void> {
  for (const home of [stage.home, other]) {
    const seen = async () => (await metricsOf(home.url)).get('hypergate_redis_up');
    await until(seen, (value) => value === up, 30_000, 50);
  }
}

describe('one gateway for the API and one for the work', () => {
  beforeAll(async () => {
    await stage.home.start({ change: { roles: ['api'], tasks: DEAF } });
    await other.start({ change: { roles: ['worker'], tasks: DEAF } });
    await stage.backendIs('ONLINE');
    customer = await welcomeCustomer(stage.administrator, { backend: 'dc', imageRef: TEMPLATE });
    await untilRedisIs(1);
  });

  afterAll(async () => {
    for (const home of [stage.home, other]) {
      expect(await home.process.stop('SIGTERM')).toEqual({ code: 0, signal: null });
    }
  });

  test('a task that is asked of one runs on the other at once, and is told of here', async () => {
    const { taskId } = await createVm(customer.operator, newVm('apart'));
    await expectWholeHistory(customer.operator, await followTask(customer.operator, taskId));
    expect([turnsOf(stage.home), turnsOf(other)]).toEqual([0, 1]);
    expect(await hints(stage.home, 'events', 'received')).toBeGreaterThan(0);
    expect(await hints(other, 'tasks', 'received')).toBeGreaterThan(0);
  });

  test('the worker answers those who watch it, and nobody else', async () => {
    expect(await statusOf(`${other.url}/healthz`)).toBe(200);
    expect(await statusOf(`${other.url}/readyz`)).toBe(200);
    for (const path of ['/graphql?query={__typename}', '/', '/graphql']) {
      expect(await statusOf(other.url + path)).toBe(404);
    }
    const elsewhere = customer.operator.at(() => other.url);
    await expect(elsewhere.subscribe('subscription { taskEvents { kind } }').next()).rejects.toMatchObject({
      message: expect.stringContaining('404'),
    });
  });

  test('only the worker has tasks and duties', async () => {
    expect(await dutiesOf(other.url)).toEqual(['maintenance', expect.stringMatching(/^observe\/bak_/)]);
    expect((await metricsOf(other.url)).get('hypergate_tasks_running')).toBe(0);
    const names = [...(await metricsOf(stage.home.url)).keys()];
    expect(names.filter((name) => /^hypergate_(tasks_running|duty_held)/.test(name))).toEqual([]);
  });
});

describe('two gateways of both roles', () => {
  const both = (): GatewayHome[] => [stage.home, other];

  beforeAll(async () => {
    await redis.run('kill');
    await Promise.all([stage.home.start(), other.start()]);
    await stage.backendIs('ONLINE');
  });

  /** The one that observes the backend, and the other one. */
  async function holderFirst(): Promise<[GatewayHome, GatewayHome]> {
    const observes = async (home: GatewayHome): Promise<boolean> =>
      (await dutiesOf(home.url)).some((duty) => duty.startsWith('observe/'));
    const held = (): Promise<boolean[]> => Promise.all(both().map(observes));
    const [first] = await until(held, (answers) => answers.filter(Boolean).length === 1, 30_000, 50);
    return first ? [stage.home, other] : [other, stage.home];
  }

  test('start without Redis, and find by looking what they would be told', async () => {
    await untilRedisIs(0);
    const elsewhere = customer.operator.at(() => other.url);
    const { taskId } = await createVm(customer.operator, newVm('without-redis'));
    await expectWholeHistory(elsewhere, await followTask(elsewhere, taskId));
    for (const home of both()) expect(linesAbout(home, 'Redis is away')).toBe(1);
  });

  test('take Redis up when it comes, let go of it when it dies, and say so once', async () => {
    await redis.run('start');
    await untilRedisIs(1);
    await redis.run('kill');
    await untilRedisIs(0);
    const { taskId } = await createVm(customer.operator, newVm('after-redis'));
    await expectWholeHistory(customer.operator, await followTask(customer.operator, taskId));
    expect(await hints(stage.home, 'tasks', 'lost')).toBeGreaterThan(0);
    await redis.run('start');
    await untilRedisIs(1);
    for (const home of both()) {
      expect(linesAbout(home, 'Redis answers')).toBe(1);
      expect(linesAbout(home, 'Redis is away')).toBe(1);
      expect(home.process.output).not.toContain('Unhandled');
    }
  });

  test('take over what one did that was killed over its work, and who was watched', async () => {
    const [doomed, survivor] = await holderFirst();
    const operators = both().map((home) => customer.operator.at(() => home.url));
    const vms: StartedOn[] = await Promise.all(
      Array.from({ length: VMS }, (_, index) => createVm(operators[index % 2]!, newVm(`vm-${index}`))),
    );
    await until(async () => (await metricsOf(doomed.url)).get('hypergate_tasks_running') ?? 0);
    await doomed.process.stop('SIGKILL');
    const follower = customer.operator.at(() => survivor.url);
    const histories = await Promise.all(vms.map(({ taskId }) => followTask(follower, taskId)));
    for (const events of histories) await expectWholeHistory(follower, events);
    expect(
      await until(
        () => dutiesOf(survivor.url),
        (duties) => duties.length === 2,
        30_000,
        50,
      ),
    ).toEqual(['maintenance', expect.stringMatching(/^observe\/bak_/)]);
    const made = (await stage.vms()).filter(({ name }) => name?.includes('vm-'));
    expect(made).toHaveLength(VMS);
    // The one that is left sees what it was not told by any task.
    await stage.powerOnBehindBack('vm-7');
    const VM = 'query ($id: ID!) { vm(id: $id) { powerState } }';
    const powerState = async () => (await follower.request(VM, { id: vms[7]!.id })).vm.powerState as string;
    await until(powerState, (state) => state === 'POWERED_ON', 30_000, 50);
    await doomed.start();
  });

  test('leave numbers without gaps behind', async () => {
    for (const home of both()) {
      expect(await home.process.stop('SIGTERM')).toEqual({ code: 0, signal: null });
    }
    await expectGaplessOutboxAt(mariadb.url);
  });
});
