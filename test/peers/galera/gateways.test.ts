import { createConnection } from 'mysql2/promise';
import { mysqlDatabases } from '../../support/test-databases';
import type { TestDatabases } from '../../support/test-databases';
import { until } from '../../support/until';
import { Galera } from '../support/galera';
import { GatewayClient, RefusedRequest } from '../support/gateway-client';
import { GatewayOnVcenter, TEMPLATE } from '../support/gateway-on-vcenter';
import { ADMIN_TOKEN } from '../support/gateway-process';
import type { GatewayHome } from '../support/gateway-process';
import { createVm, welcomeCustomer } from '../support/gateway-requests';
import type { Customer } from '../support/gateway-requests';
import { dutiesOf } from '../support/seen-metrics';
import { followTask } from '../support/task-follower';
import { expectGaplessOutboxAt, expectWholeHistory } from '../support/task-history';

jest.setTimeout(300_000);

const VMS = 30;
/** So many are asked for at a time. */
const AT_ONCE = 6;

let galera: Galera;
let databases: TestDatabases;
let urls: readonly string[];
let stage: GatewayOnVcenter;
/** One for each node of the cluster. */
let gateways: readonly GatewayHome[];
let customer: Customer;
const closers: (() => Promise<void>)[] = [];

beforeAll(async () => {
  galera = await Galera.start();
  databases = mysqlDatabases(galera.urls[0]!);
  closers.push(() => databases.close());
  const config = await databases.empty();
  const name = config.type === 'mysql' ? new URL(config.url).pathname : '';
  urls = galera.urls.map((url) => url.replace(/\/[^/]*$/, name));
  const on = (url: string): object => ({ database: { type: 'mysql', url } });
  stage = await GatewayOnVcenter.make({ taskMs: 100 }, on(urls[0]!));
  closers.push(() => stage.remove());
  const others = await Promise.all(urls.slice(1).map((url) => stage.replica(on(url))));
  closers.push(...others.map((home) => () => home.remove()));
  gateways = [stage.home, ...others];
  await Promise.all(gateways.map((home) => home.start()));
  await stage.backendIs('ONLINE');
  customer = await welcomeCustomer(stage.administrator, { backend: 'dc', imageRef: TEMPLATE });
});

afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

const operatorAt = (home: GatewayHome): GatewayClient => customer.operator.at(() => home.url);

/** A node that is behind by a moment does not know yet what another one has accepted. */
async function onceKnown<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof RefusedRequest && ['NOT_FOUND', 'UNAUTHENTICATED'].includes(error.code ?? '')))
        throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/**
 * Asks for a VM wherever one is served, under one name and one key, until somebody has acknowledged it: who asks cannot
 * know whether a request that broke was taken in.
 */
async function askFor(name: string, index: number): Promise<string> {
  const idempotencyKey = `key-of-${name}`;
  const sizes = { memoryMib: 256, diskGib: 1, powerOn: false };
  for (let attempt = index; ; attempt += 1) {
    const operator = operatorAt(gateways[attempt % gateways.length]!);
    const input = { name, templateId: customer.templateId, backend: 'dc', ...sizes, idempotencyKey };
    try {
      return (await createVm(operator, input)).taskId;
    } catch (error) {
      const code = error instanceof RefusedRequest ? error.code : 'UNAVAILABLE';
      if (!['UNAVAILABLE', 'NOT_FOUND', 'UNAUTHENTICATED'].includes(code ?? '')) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** @returns the tasks that were acknowledged */
async function askForAll(prefix: string, onProgress: (acknowledged: number) => void): Promise<string[]> {
  const taskIds: string[] = [];
  let next = 0;
  const asker = async (): Promise<void> => {
    while (next < VMS) {
      const index = next++;
      taskIds.push(await askFor(`${prefix}-${index}`, index));
      onProgress(taskIds.length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, asker));
  return taskIds;
}

async function expectOneVmEach(prefix: string): Promise<void> {
  const made = (await stage.vms()).filter(({ name }) => name?.includes(prefix));
  expect(made).toHaveLength(VMS);
}

/** Every node, caught up, tells the same. */
async function openTasksAt(url: string): Promise<number> {
  const connection = await createConnection(url);
  try {
    const [rows] = await connection.query('SELECT id FROM task WHERE open = 1');
    return (rows as unknown[]).length;
  } finally {
    await connection.end();
  }
}

describe('a gateway on each node of a cluster', () => {
  test('all three take requests and tasks, and one has each duty', async () => {
    const taskIds = await askForAll('calm', () => undefined);
    const ends = taskIds.map((taskId, index) => {
      const follower = operatorAt(gateways[index % gateways.length]!);
      return onceKnown(() => followTask(follower, taskId));
    });
    for (const [index, events] of (await Promise.all(ends)).entries()) {
      await expectWholeHistory(operatorAt(gateways[index % gateways.length]!), events);
    }
    await expectOneVmEach('calm');
    const duties = (await Promise.all(gateways.map((home) => dutiesOf(home.url)))).flat();
    expect(duties.sort()).toEqual(['maintenance', expect.stringMatching(/^observe\/bak_/)]);
  });

  test('a node is killed under load: what was acknowledged ends, nothing is there twice', async () => {
    const deaths: Promise<void>[] = [];
    const taskIds = await askForAll('rough', (acknowledged) => {
      if (acknowledged === AT_ONCE) deaths.push(galera.killNode(3));
    });
    await deaths[0];
    expect(new Set(taskIds).size).toBe(VMS);
    const [first] = gateways;
    const follower = operatorAt(first!);
    const histories = await Promise.all(
      taskIds.map((taskId) => onceKnown(() => followTask(follower, taskId, { timeoutMs: 200_000 }))),
    );
    for (const events of histories) await expectWholeHistory(follower, events);
    await expectOneVmEach('rough');
    const readiness = (home: GatewayHome) => async () => (await fetch(`${home.url}/readyz`)).status;
    expect(await Promise.all(gateways.map((home) => readiness(home)()))).toEqual([200, 200, 503]);
    await galera.startNode(3);
    await until(readiness(gateways[2]!), (status) => status === 200, 60_000, 100);
  });

  test('leave numbers without gaps behind, the same on every node', async () => {
    const administrator = new GatewayClient(() => gateways[2]!.url, ADMIN_TOKEN);
    expect((await administrator.request('{ backends { name } }')).backends).toHaveLength(1);
    for (const home of gateways) {
      expect(await home.process.stop('SIGTERM')).toEqual({ code: 0, signal: null });
    }
    for (const url of urls) {
      await until(
        () => openTasksAt(url),
        (count) => count === 0,
      );
      await expectGaplessOutboxAt(url);
    }
  });
});
