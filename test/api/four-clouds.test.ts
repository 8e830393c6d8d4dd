import { createTenancy, startVm, succeeded } from '../support/api/requests';
import type { Tenancy } from '../support/api/requests';
import { StatementLog } from '../support/api/statement-log';
import { TestGateway } from '../support/api/test-gateway';
import { until } from '../support/until';

/** Each backend with its word for the same image. */
const IMAGES = {
  lab: 'debian-12',
  dc: 'debian-12',
  region: 'debian-12',
  rented: 'ami-625cfeb2f3ffe7b0c',
} as const;
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIK0wmN/Cr3JXqmLW7u+g9pTh+wyqDHSpEQIQczXkVx9q somebody';
const QUICK = { pollIntervalMs: 200, listingLagMs: 100 };
const BACKENDS = [
  { name: 'dc', kind: 'vsphere', location: 'INTERNAL', simulator: {} },
  { name: 'region', kind: 'openstack', location: 'EXTERNAL', ...QUICK, simulator: { operationMs: 50 } },
  { name: 'rented', kind: 'ec2', location: 'EXTERNAL', ...QUICK, simulator: { operationMs: 50, bootMs: 50 } },
];

let gateway: TestGateway;
let acme: Tenancy;
let statements: StatementLog;

beforeAll(async () => {
  statements = new StatementLog();
  gateway = await TestGateway.start({ furtherBackends: BACKENDS });
  await until(
    () => gateway.admin.data('{ backends { status } }'),
    ({ backends }) => backends.every(({ status }: { status: string }) => status === 'ONLINE'),
    30_000,
    50,
  );
  acme = await createTenancy(gateway.admin, 'acme');
}, 60_000);

afterAll(async () => {
  statements.close();
  await gateway.close();
});

/** How often each backend has been called so far, watching, listing and health checks apart. */
async function callsSoFar(): Promise<string[]> {
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  return text
    .split('\n')
    .filter((line) => line.startsWith('hypergate_backend_call_duration_seconds_count'))
    .filter((line) => !/method="(probe|watch|listVms|listNetworks)"/.test(line));
}

describe('one template on four backends', () => {
  it('deploys on each by the same mutation, with only the backend changed', async () => {
    const realizations = Object.entries(IMAGES).map(([backend, imageRef]) => ({ backend, imageRef }));
    const { template } = await gateway.admin.mutate(
      'registerTemplate',
      { name: 'debian-12', realizations },
      'template { id }',
    );
    const made = await Promise.all(
      Object.keys(IMAGES).map((backend) =>
        startVm(acme.operator, {
          ...{ backend, templateId: template.id, name: `on-${backend}` },
          ...{ cpuCount: 1, memoryMib: 512, sshKeys: [KEY] },
        }),
      ),
    );
    await Promise.all(made.map(({ taskId }) => succeeded(acme.operator, taskId)));
  }, 60_000);

  it('lists them by one statement per level, without asking any backend', async () => {
    const query = `{ vms(first: 10, orderBy: { field: NAME }) { nodes {
      name status cpuCount memoryMib template { name } backend { name kind location } tenant { slug }
      networks { network { name } } labels { name }
    } } }`;
    const called = await callsSoFar();
    let answer: Awaited<ReturnType<typeof acme.viewer.data>> = {};
    const sent = await statements.during(async () => {
      answer = await acme.viewer.data(query);
    });
    expect(await callsSoFar()).toEqual(called);
    expect(
      answer.vms.nodes.map(({ name, status, backend }: Record<string, { kind: string }>) => [
        ...[name, status, backend!.kind],
      ]),
    ).toEqual([
      ['on-dc', 'RUNNING', 'vsphere'],
      ['on-lab', 'RUNNING', 'memory'],
      ['on-region', 'RUNNING', 'openstack'],
      ['on-rented', 'RUNNING', 'ec2'],
    ]);
    const tables = sent
      .map((sql) => /FROM "(\w+)"/.exec(sql)?.[1] ?? sql)
      .filter((table) => table !== 'api_token' && !table.startsWith('SELECT CAST(unixepoch'));
    expect(tables.filter((table, index) => tables.indexOf(table) !== index)).toEqual([]);
    expect(tables).toContain('vm');
  });
});
