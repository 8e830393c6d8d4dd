import {
  createTenancy,
  createVm,
  ended,
  operate,
  registerTemplate,
  startNetwork,
  startVm,
} from '../support/api/requests';
import type { Tenancy } from '../support/api/requests';
import { StatementLog } from '../support/api/statement-log';
import { TestGateway } from '../support/api/test-gateway';
import { until } from '../support/until';
import { AppError } from '../../src/kernel';

let gateway: TestGateway;
let acme: Tenancy;
let templateId: string;
let statements: StatementLog;
beforeAll(async () => {
  statements = new StatementLog();
  gateway = await TestGateway.start();
  acme = await createTenancy(gateway.admin, 'acme');
  templateId = await registerTemplate(gateway.admin, { name: 'tiny' });
});
afterAll(async () => {
  statements.close();
  await gateway.close();
});

const SHOWN = `id operation status progress message actor attempts cancellable cancelRequestedAt
  createdAt startedAt endedAt deadlineAt queuePosition waitsFor { id } tenant { slug }
  error { code message retryable } steps { name status startedAt endedAt message }
  target { id ... on Vm { name } ... on Network { name } }`;
const read = async (id: string) =>
  (await acme.viewer.data(`query ($id: ID!) { task(id: $id) { ${SHOWN} } }`, { id })).task;

describe('task', () => {
  it('shows everything about one that succeeded', async () => {
    const { id, taskId } = await startVm(acme.operator, { name: 'good', templateId });
    await ended(acme.viewer, taskId);
    const task = await read(taskId);
    expect(task).toMatchObject({
      ...{ operation: 'CREATE_VM', status: 'SUCCEEDED', progress: 100, attempts: 1, cancellable: 'NEVER' },
      ...{ error: null, queuePosition: 0, waitsFor: null, cancelRequestedAt: null, tenant: { slug: 'acme' } },
      ...{ target: { id, name: 'good' }, actor: expect.stringMatching(/^tok_/) },
    });
    expect(
      task.steps.map(({ name, status }: { name: string; status: string }) => `${name} ${status}`),
    ).toEqual([
      'check-image SUCCEEDED',
      'await-networks SUCCEEDED',
      'create-vm SUCCEEDED',
      'set-power SUCCEEDED',
      'observe SUCCEEDED',
    ]);
    expect(
      task.createdAt <= task.startedAt && task.startedAt <= task.endedAt && task.endedAt < task.deadlineAt,
    ).toBe(true);
  });

  it('tells why one failed, in words for the tenant, and what was taken back', async () => {
    gateway.backend().failNext(
      'startVm',
      new AppError('RESOURCE_EXHAUSTED', 'No host has room for it.', {
        cause: new Error('esx-17: /vmfs is full'),
      }),
    );
    const { taskId } = await startVm(acme.operator, { name: 'bad', templateId });
    await ended(acme.viewer, taskId);
    const task = await read(taskId);
    expect(task).toMatchObject({
      status: 'FAILED',
      error: { code: 'RESOURCE_EXHAUSTED', message: 'No host has room for it.', retryable: false },
    });
    expect(task.steps).toMatchObject([
      {},
      {},
      { name: 'create-vm', status: 'UNDONE' },
      { name: 'set-power', status: 'FAILED' },
      { status: 'PENDING' },
    ]);
    expect(
      JSON.stringify(
        await gateway.admin.data(`query ($id: ID!) { task(id: $id) { ${SHOWN} } }`, { id: taskId }),
      ),
    ).not.toContain('esx-17');
    expect(
      gateway
        .backend()
        .vms()
        .map(({ name }) => name),
    ).not.toContain('bad');
  });
});

describe('cancelTask', () => {
  it('ends a queued task at once', async () => {
    const id = await createVm(acme.operator, { name: 'queued', templateId });
    gateway.backend().hangNext('rebootVm');
    await operate(acme.operator, 'rebootVm', { id });
    const taskId = await operate(acme.operator, 'stopVm', { id });
    const { task } = await acme.operator.mutate('cancelTask', { id: taskId }, `task { ${SHOWN} }`);
    expect(task).toMatchObject({
      ...{ status: 'CANCELLED', cancellable: 'NEVER', endedAt: expect.any(String), startedAt: null },
      ...{ error: { code: 'CANCELLED' }, queuePosition: 0 },
    });
    const again = await acme.operator.mutateRefused('cancelTask', { id: taskId });
    expect(again.extensions.code).toBe('FAILED_PRECONDITION');
  });

  it('turns a running creation back at its next step, and nothing of it is left', async () => {
    gateway.backend().setUnavailable(true);
    const { id, taskId } = await startVm(acme.operator, { name: 'turned', templateId });
    await until(async () => (await read(taskId)).status === 'RUNNING');
    expect(await read(taskId)).toMatchObject({ cancellable: 'AT_NEXT_STEP' });
    const { task } = await acme.operator.mutate(
      'cancelTask',
      { id: taskId },
      'task { status cancelRequestedAt }',
    );
    expect(task).toMatchObject({ status: 'RUNNING', cancelRequestedAt: expect.any(String) });
    gateway.backend().setUnavailable(false);
    expect(await ended(acme.viewer, taskId)).toMatchObject({
      status: 'CANCELLED',
      error: { code: 'CANCELLED' },
    });
    const { vm } = await acme.viewer.data('query ($id: ID!) { vm(id: $id) { status } }', { id });
    expect(vm.status).toBe('DELETED');
    expect(
      gateway
        .backend()
        .vms()
        .map(({ name }) => name),
    ).not.toContain('turned');
    await createVm(acme.operator, { name: 'turned', templateId });
  });

  it('is too late for one that has to run to its end', async () => {
    const id = await createVm(acme.operator, { name: 'endless', templateId });
    gateway.backend().hangNext('stopVm');
    const taskId = await operate(acme.operator, 'stopVm', { id, force: true });
    await until(async () => (await read(taskId)).status === 'RUNNING');
    expect(await read(taskId)).toMatchObject({ cancellable: 'NEVER' });
    const error = await acme.operator.mutateRefused('cancelTask', { id: taskId });
    expect([error.extensions.code, error.message]).toEqual([
      'FAILED_PRECONDITION',
      'The task cannot be cancelled: what is under way cannot be taken back.',
    ]);
    expect(error.extensions.details).toEqual({ reason: 'NOT_CANCELLABLE' });
  });

  it('gives a network’s name back', async () => {
    gateway.backend().setUnavailable(true);
    const input = { name: 'given-back', cidr: '10.7.0.0/24' };
    const made = await startNetwork(acme.operator, input);
    await acme.operator.mutate('cancelTask', { id: made.taskId }, 'task { id }');
    gateway.backend().setUnavailable(false);
    expect(await ended(acme.viewer, made.taskId)).toMatchObject({ status: 'CANCELLED' });
    const again = await startNetwork(acme.operator, input);
    expect(await ended(acme.viewer, again.taskId)).toMatchObject({ status: 'SUCCEEDED' });
  });
});

describe('tasks', () => {
  let coil: Tenancy;
  let vm: string;
  beforeAll(async () => {
    coil = await createTenancy(gateway.admin, 'coil');
    vm = await createVm(coil.operator, { name: 'busy', templateId });
    for (const operation of ['stopVm', 'startVm', 'rebootVm']) {
      await ended(coil.viewer, await operate(coil.operator, operation, { id: vm }));
    }
    const network = await startNetwork(coil.operator, { name: 'net', cidr: '10.8.0.0/24' });
    await ended(coil.viewer, network.taskId);
  });
  const list = async (args: string) => {
    const page = 'nodes { operation } pageInfo { startCursor endCursor hasNextPage hasPreviousPage }';
    const { tasks } = await coil.viewer.data(`{ tasks${args === '' ? '' : `(${args})`} { ${page} } }`);
    return {
      names: tasks.nodes.map(({ operation }: { operation: string }) => operation).join(' '),
      ...tasks.pageInfo,
    };
  };

  it('come newest first, in pages both ways', async () => {
    expect((await list('')).names).toBe('CREATE_NETWORK REBOOT_VM START_VM STOP_VM CREATE_VM');
    const first = await list('first: 2');
    expect(first).toMatchObject({ names: 'CREATE_NETWORK REBOOT_VM', hasNextPage: true });
    const second = await list(`first: 2, after: "${first.endCursor}"`);
    expect(second).toMatchObject({ names: 'START_VM STOP_VM', hasNextPage: true, hasPreviousPage: true });
    expect(await list(`last: 2, before: "${second.startCursor}"`)).toMatchObject({
      names: 'CREATE_NETWORK REBOOT_VM',
    });
    expect(await list('last: 1')).toMatchObject({ names: 'CREATE_VM', hasPreviousPage: true });
  });

  it('can be filtered', async () => {
    expect((await list('filter: { operation: [STOP_VM, START_VM] }')).names).toBe('START_VM STOP_VM');
    expect((await list('filter: { status: [QUEUED, RUNNING] }')).names).toBe('');
    expect((await list(`filter: { targetId: "${vm}", status: SUCCEEDED }`)).names).toBe(
      'REBOOT_VM START_VM STOP_VM CREATE_VM',
    );
    expect((await list(`filter: { tenantId: "${acme.id}" }`)).names).toBe('');
  });

  it('of one VM come in pages too', async () => {
    const query =
      'query ($id: ID!) { vm(id: $id) { tasks(first: 1) { totalCount nodes { operation } pageInfo { hasNextPage } } } }';
    expect((await coil.viewer.data(query, { id: vm })).vm.tasks).toEqual({
      totalCount: 4,
      nodes: [{ operation: 'REBOOT_VM' }],
      pageInfo: { hasNextPage: true },
    });
  });

  it('are counted only when asked for', async () => {
    const counts = async (query: string) =>
      (await statements.during(() => coil.viewer.data(query))).filter((sql) => /COUNT\(/i.test(sql)).length;
    expect(await counts('{ tasks { nodes { id } } }')).toBe(0);
    expect(await counts('{ tasks { totalCount } }')).toBe(1);
  });
});
