import { createNetwork, createTenancy, operate, registerTemplate, startVm } from '../support/api/requests';
import type { Tenancy } from '../support/api/requests';
import { StatementLog } from '../support/api/statement-log';
import { TestGateway } from '../support/api/test-gateway';
import { until } from '../support/until';

const VMS = 20;
/** Of these VMs a task is under way that does not end. */
const HUNG = 3;

let gateway: TestGateway;
let acme: Tenancy;
let statements: StatementLog;
beforeAll(async () => {
  statements = new StatementLog();
  gateway = await TestGateway.start();
  acme = await createTenancy(gateway.admin, 'acme');
  const { operator } = acme;
  const templates = await Promise.all(
    ['one', 'two', 'three'].map((name) => registerTemplate(gateway.admin, { name })),
  );
  const networks = await Promise.all(
    ['10.1.0.0/24', '10.2.0.0/24'].map((cidr, index) =>
      createNetwork(operator, { name: `net-${String(index)}`, cidr }),
    ),
  );
  const started = await Promise.all(
    Array.from({ length: VMS }, (_, index) =>
      startVm(operator, {
        ...{ name: `vm-${String(index)}`, templateId: templates[index % 3], networkIds: networks },
        labels: [{ name: 'index', value: String(index) }],
      }),
    ),
  );
  await quiet(0);
  for (const { id } of started.slice(0, HUNG)) {
    gateway.backend().hangNext('rebootVm');
    await operate(operator, 'rebootVm', { id });
  }
  await quiet(HUNG);
}, 120_000);
afterAll(async () => {
  statements.close();
  await gateway.close();
});

/** Waits until nothing happens any more but what hangs. */
async function quiet(hung: number): Promise<void> {
  const query = `{
    queued: tasks(filter: { status: QUEUED }) { totalCount }
    running: tasks(filter: { status: RUNNING }) { nodes { steps { status } } }
  }`;
  await until(
    async () => {
      const { queued, running } = await acme.viewer.data(query);
      type Running = { steps: { status: string }[] }[];
      const begun = (running.nodes as Running).filter(({ steps }) => steps[0]?.status === 'RUNNING');
      return queued.totalCount === 0 && running.nodes.length === hung && begun.length === hung;
    },
    Boolean,
    90_000,
  );
}

/**
 * The tables that the query reads, each as often as it does. What the gateway reads by itself comes in between now and
 * then, so that the shortest account of some counts: none is shorter than what the query takes.
 */
async function tablesRead(query: string): Promise<string[]> {
  const accounts: string[][] = [];
  while (accounts.length < 5) accounts.push(await accountOf(query));
  return accounts.reduce((shortest, one) => (one.length < shortest.length ? one : shortest));
}

async function accountOf(query: string): Promise<string[]> {
  const sent = await statements.during(() => acme.viewer.data(query));
  return sent
    .map((sql) => /FROM "(\w+)"/.exec(sql)?.[1] ?? sql)
    .filter((table) => table !== 'api_token' && !table.startsWith('SELECT CAST(unixepoch'))
    .sort();
}

describe('a list of VMs with everything about them', () => {
  it('takes one statement for each relation, however many VMs there are', async () => {
    const query = (first: number) => `{ vms(first: ${String(first)}) { nodes {
      name tenant { slug } backend { name } template { name realizations { backend { name } } }
      networks { macAddress network { name tenant { slug } backend { name } } }
      labels { name value } ipAddresses availableActions { action allowed }
      activeTask { operation steps { name } tenant { slug } queuePosition waitsFor { id } target { id } }
    } } }`;
    const tables = await tablesRead(query(VMS));
    expect(tables).toEqual(
      [
        'vm',
        'tenant',
        'template',
        'template_realization',
        'vm_nic',
        'network',
        'vm_label',
        'task',
        'task_step',
      ]
        .concat(['vm'])
        .sort(),
    );
    expect(await tablesRead(query(5))).toEqual(tables);
  });

  it('is found by edges as well', async () => {
    const query =
      '{ vms(first: 20) { edges { cursor node { tenant { slug } networks { network { name } } } } } }';
    expect(await tablesRead(query)).toEqual(['network', 'tenant', 'vm', 'vm_nic']);
  });
});

describe('a list of tasks with everything about them', () => {
  it('takes one statement for each relation', async () => {
    const query = `{ tasks(first: 50) { nodes {
      tenant { slug } steps { name status } queuePosition waitsFor { id }
      target { id ... on Vm { name labels { name } } ... on Network { name tenant { slug } } }
    } } }`;
    const allowed = ['network', 'task', 'task', 'task_step', 'tenant', 'vm', 'vm_label'];
    expect((await tablesRead(query)).filter((table) => !allowed.includes(table))).toEqual([]);
    expect((await tablesRead(query)).length).toBeLessThanOrEqual(allowed.length);
  });
});

describe('pages inside lists', () => {
  it('ask once for each parent, and their cost says so', async () => {
    const small = await tablesRead('{ vms(first: 4) { nodes { tasks(first: 1) { nodes { id } } } } }');
    expect(small).toEqual(['task', 'task', 'task', 'task', 'vm']);
    const error = await acme.viewer.refusal(
      '{ vms(first: 500) { nodes { tasks(first: 500) { nodes { id } } } } }',
    );
    expect(error.extensions).toMatchObject({ code: 'INVALID_ARGUMENT', details: { limit: 'cost' } });
  });

  it('cost something even when they ask for no entry at all', async () => {
    const counts = Array.from(
      { length: 12 },
      (_, index) => `n${String(index)}: tasks(first: 0) { totalCount }`,
    );
    const error = await acme.viewer.refusal(`{ vms(first: 500) { nodes { ${counts.join(' ')} } } }`);
    expect(error.extensions).toMatchObject({ code: 'INVALID_ARGUMENT', details: { limit: 'cost' } });
  });
});
