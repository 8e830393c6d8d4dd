import {
  createNetwork,
  createTenancy,
  createVm,
  ended,
  operate,
  operated,
  registerTemplate,
  startNetwork,
  startVm,
  succeeded,
} from '../support/api/requests';
import type { Tenancy } from '../support/api/requests';
import { TestGateway } from '../support/api/test-gateway';
import { AppError } from '../../src/kernel';

const KEY = `ssh-ed25519 ${'A'.repeat(68)} me@example`;

let gateway: TestGateway;
let acme: Tenancy;
let templateId: string;
beforeAll(async () => {
  gateway = await TestGateway.start();
  acme = await createTenancy(gateway.admin, 'acme');
  templateId = await registerTemplate(gateway.admin, { name: 'tiny' });
});
afterAll(() => gateway.close());

const SHOWN = `id name status powerState cpuCount memoryMib diskGib externalId observedAt createdAt deletedAt
  tenant { slug } backend { name } template { name } labels { name value } ipAddresses
  networks { macAddress ipAddresses network { name } }
  activeTask { id operation } tasks { totalCount nodes { operation status } }`;
const read = async (id: string) =>
  (await acme.viewer.data(`query ($id: ID!) { vm(id: $id) { ${SHOWN} } }`, { id })).vm;

describe('createVm', () => {
  it('answers at once, and the task makes all that was asked for', async () => {
    const networkId = await createNetwork(acme.operator, { name: 'web', cidr: '10.1.0.0/24' });
    const { vm, task } = await acme.operator.mutate(
      'createVm',
      {
        ...{ name: 'first', templateId, backend: 'lab', cpuCount: 2, memoryMib: 512, diskGib: 7 },
        ...{ networkIds: [networkId], sshKeys: [KEY], userData: '#cloud-config' },
        labels: [
          { name: 'tier', value: 'web' },
          { name: 'app/name', value: '' },
        ],
      },
      `vm { ${SHOWN} } task { id operation status target { id ... on Vm { name } } }`,
    );
    expect(vm).toMatchObject({
      ...{ name: 'first', cpuCount: 2, memoryMib: 512, diskGib: 7, tenant: { slug: 'acme' } },
      networks: [{ network: { name: 'web' } }],
    });
    expect(task).toMatchObject({ operation: 'CREATE_VM', target: { id: vm.id, name: 'first' } });
    await succeeded(acme.viewer, task.id);
    const [onBackend] = gateway.backend().vms();
    expect(await read(vm.id)).toMatchObject({
      ...{ status: 'RUNNING', powerState: 'POWERED_ON', externalId: onBackend?.externalId },
      ...{ template: { name: 'tiny' }, backend: { name: 'lab' }, activeTask: null, deletedAt: null },
      labels: [
        { name: 'app/name', value: '' },
        { name: 'tier', value: 'web' },
      ],
      ipAddresses: [expect.stringMatching(/^10\.1\.0\.\d+$/)],
      networks: [{ macAddress: expect.stringMatching(/^02:00:/), network: { name: 'web' } }],
      tasks: { totalCount: 1, nodes: [{ operation: 'CREATE_VM', status: 'SUCCEEDED' }] },
    });
    expect(onBackend).toMatchObject({ cpuCount: 2, memoryMib: 512, diskGib: 7, powerState: 'POWERED_ON' });
  });

  it('shows what is not known yet as such', async () => {
    const networkId = await createNetwork(acme.operator, { name: 'slow', cidr: '10.8.0.0/24' });
    gateway.backend().hangNext('createVm');
    const { id, taskId } = await startVm(acme.operator, {
      name: 'slow',
      templateId,
      networkIds: [networkId],
    });
    expect(await read(id)).toMatchObject({
      ...{ status: 'PROVISIONING', powerState: 'UNKNOWN', externalId: null, observedAt: null },
      networks: [{ macAddress: null, ipAddresses: [] }],
      activeTask: { id: taskId, operation: 'CREATE_VM' },
    });
  });

  it('takes defaults for what is left out, and the template’s disk', async () => {
    const id = await createVm(acme.operator, { name: 'plain', templateId });
    expect(await read(id)).toMatchObject({
      cpuCount: 1,
      memoryMib: 1024,
      diskGib: 1,
      networks: [],
      labels: [],
    });
  });

  it('leaves it off when asked to', async () => {
    const id = await createVm(acme.operator, { name: 'off', templateId, powerOn: false });
    expect(await read(id)).toMatchObject({ status: 'STOPPED', powerState: 'POWERED_OFF' });
  });

  it('is asked for together with its network', async () => {
    gateway.backend().setUnavailable(true);
    const network = await startNetwork(acme.operator, { name: 'together', cidr: '10.2.0.0/24' });
    const vm = await startVm(acme.operator, { name: 'together', templateId, networkIds: [network.id] });
    gateway.backend().setUnavailable(false);
    await succeeded(acme.viewer, vm.taskId);
    expect(await read(vm.id)).toMatchObject({ ipAddresses: [expect.stringMatching(/^10\.2\.0\./)] });
  });

  it('fails with its network, and leaves nothing behind', async () => {
    gateway.backend().setUnavailable(true);
    const network = await startNetwork(acme.operator, { name: 'doomed', cidr: '10.3.0.0/24' });
    const vm = await startVm(acme.operator, { name: 'doomed', templateId, networkIds: [network.id] });
    gateway.backend().failNext('createNetwork', new AppError('RESOURCE_EXHAUSTED', 'No segment is left.'));
    gateway.backend().setUnavailable(false);
    expect(await ended(acme.viewer, vm.taskId)).toMatchObject({
      status: 'FAILED',
      error: { code: 'FAILED_PRECONDITION' },
    });
    expect(await read(vm.id)).toMatchObject({ status: 'ERROR', externalId: null });
    expect(
      gateway
        .backend()
        .vms()
        .map(({ name }) => name),
    ).not.toContain('doomed');
    await operated(acme.operator, 'deleteVm', { id: vm.id });
  });

  it('answers as the first time under the same key, and refuses the key for anything else', async () => {
    const input = { name: 'keyed', templateId, backend: 'lab', idempotencyKey: 'once', userData: 'a' };
    const first = await acme.operator.mutate('createVm', input, 'vm { id } task { id }');
    await succeeded(acme.viewer, first.task.id);
    expect(await acme.operator.mutate('createVm', input, 'vm { id } task { id }')).toEqual(first);
    const error = await acme.operator.mutateRefused('createVm', { ...input, userData: 'b' });
    expect(error.extensions).toMatchObject({
      code: 'ALREADY_EXISTS',
      details: { field: 'input.idempotencyKey', reason: 'IDEMPOTENCY_KEY_REUSED' },
    });
    expect(
      gateway
        .backend()
        .vms()
        .filter(({ name }) => name === 'keyed'),
    ).toHaveLength(1);
  });

  it('refuses a name in use until its VM is gone', async () => {
    const id = await createVm(acme.operator, { name: 'reused', templateId });
    const error = await acme.operator.mutateRefused('createVm', { name: 'reused', templateId });
    expect(error.extensions).toMatchObject({ code: 'ALREADY_EXISTS', details: { field: 'input.name' } });
    await operated(acme.operator, 'deleteVm', { id });
    expect(await createVm(acme.operator, { name: 'reused', templateId })).not.toBe(id);
  });
});

describe('operations on one VM', () => {
  it('queue behind each other, visibly, and all succeed in order', async () => {
    const id = await createVm(acme.operator, { name: 'queue', templateId, powerOn: false });
    const tasks = await Promise.all(
      ['startVm', 'stopVm', 'startVm', 'rebootVm'].map((operation) =>
        operate(acme.operator, operation, { id }),
      ),
    );
    const after = await Promise.all(tasks.map((taskId) => ended(acme.viewer, taskId)));
    expect(after.map(({ status }) => status)).toEqual(Array(4).fill('SUCCEEDED'));
    const { vm } = await acme.viewer.data(
      'query ($id: ID!) { vm(id: $id) { powerState tasks { nodes { id startedAt endedAt } } } }',
      { id },
    );
    const inOrder = [...vm.tasks.nodes].reverse();
    for (let index = 1; index < inOrder.length; index += 1) {
      expect(inOrder[index].startedAt >= inOrder[index - 1].endedAt).toBe(true);
    }
    expect(vm.powerState).toBe('POWERED_ON');
  });

  it('show their place in the queue and what they wait for', async () => {
    const id = await createVm(acme.operator, { name: 'waiting', templateId, powerOn: false });
    gateway.backend().hangNext('startVm');
    const first = await operate(acme.operator, 'startVm', { id });
    const second = await operate(acme.operator, 'stopVm', { id });
    const third = await operate(acme.operator, 'startVm', { id });
    const query = `query ($id: ID!) { vm(id: $id) { activeTask { id } } }`;
    expect((await acme.viewer.data(query, { id })).vm.activeTask).toEqual({ id: first });
    const { a, b, c } = await acme.viewer.data(
      `query ($a: ID!, $b: ID!, $c: ID!) { a: task(id: $a) { ...F } b: task(id: $b) { ...F } c: task(id: $c) { ...F } }
       fragment F on Task { status queuePosition waitsFor { id } cancellable }`,
      { a: first, b: second, c: third },
    );
    expect(a).toMatchObject({ queuePosition: 0, waitsFor: null });
    expect(b).toEqual({ status: 'QUEUED', queuePosition: 1, waitsFor: { id: first }, cancellable: 'NOW' });
    expect(c).toEqual({ status: 'QUEUED', queuePosition: 2, waitsFor: { id: second }, cancellable: 'NOW' });
    const cancelled = await acme.operator.mutate('cancelTask', { id: second }, 'task { status }');
    expect(cancelled.task.status).toBe('CANCELLED');
    const { task } = await acme.viewer.data(
      'query ($id: ID!) { task(id: $id) { queuePosition waitsFor { id } } }',
      { id: third },
    );
    expect(task).toEqual({ queuePosition: 1, waitsFor: { id: first } });
  });

  it('change its power as each says', async () => {
    const id = await createVm(acme.operator, { name: 'power', templateId });
    const after = async (operation: string, input: object = {}) => {
      await operated(acme.operator, operation, { id, ...input });
      return (await read(id)).status;
    };
    expect(await after('suspendVm')).toBe('SUSPENDED');
    expect(await after('resumeVm')).toBe('RUNNING');
    expect(await after('rebootVm', { force: true })).toBe('RUNNING');
    expect(await after('stopVm')).toBe('STOPPED');
    expect(await after('startVm')).toBe('RUNNING');
    expect(await after('stopVm', { force: true })).toBe('STOPPED');
  });

  it('are refused at once in a state that forbids them, when nothing is queued', async () => {
    const id = await createVm(acme.operator, { name: 'forbidding', templateId, powerOn: false });
    for (const operation of ['rebootVm', 'suspendVm', 'resumeVm']) {
      const error = await acme.operator.mutateRefused(operation, { id });
      expect([operation, error.extensions.code, error.message]).toEqual([
        operation,
        'FAILED_PRECONDITION',
        'The VM is STOPPED.',
      ]);
    }
    expect((await read(id)).tasks.totalCount).toBe(1);
  });
});

describe('deleteVm', () => {
  it('removes a running VM and keeps its record', async () => {
    const id = await createVm(acme.operator, { name: 'leaving', templateId });
    const going = await acme.operator.mutate('deleteVm', { id }, 'vm { status } task { id operation }');
    expect(going).toMatchObject({ vm: { status: 'DELETING' }, task: { operation: 'DELETE_VM' } });
    await succeeded(acme.viewer, going.task.id);
    expect(await read(id)).toMatchObject({
      status: 'DELETED',
      deletedAt: expect.any(String),
      activeTask: null,
    });
    expect(
      gateway
        .backend()
        .vms()
        .map(({ name }) => name),
    ).not.toContain('leaving');
    const { vms } = await acme.viewer.data('{ vms(filter: { name: "leaving" }) { totalCount } }');
    expect(vms.totalCount).toBe(0);
    for (const operation of ['deleteVm', 'startVm']) {
      const error = await acme.operator.mutateRefused(operation, { id });
      expect([error.extensions.code, error.message]).toEqual(['FAILED_PRECONDITION', 'The VM is DELETED.']);
    }
  });
});

describe('deleteVm once more', () => {
  it('answers the same task, and nothing else is taken on any more', async () => {
    const id = await createVm(acme.operator, { name: 'twice', templateId });
    gateway.backend().hangNext('deleteVm');
    const first = await acme.operator.mutate('deleteVm', { id }, 'task { id }');
    expect(await acme.operator.mutate('deleteVm', { id }, 'task { id }')).toEqual(first);
    const error = await acme.operator.mutateRefused('startVm', { id });
    expect([error.extensions.code, error.message]).toEqual([
      'FAILED_PRECONDITION',
      'The VM is being deleted.',
    ]);
  });
});

describe('availableActions', () => {
  const actions = async (caller: Tenancy['owner'], id: string) => {
    const query = 'query ($id: ID!) { vm(id: $id) { availableActions { action allowed reason } } }';
    const { vm } = await caller.data(query, { id });
    type Action = { action: string; allowed: boolean; reason: string | null };
    for (const { allowed, reason } of vm.availableActions as Action[]) expect(reason === null).toBe(allowed);
    const allowed = (vm.availableActions as Action[]).filter((one) => one.allowed);
    return allowed.map(({ action }) => action).join(' ');
  };

  it('follow the state and the role', async () => {
    const id = await createVm(acme.operator, { name: 'actions', templateId });
    expect(await actions(acme.operator, id)).toBe('STOP REBOOT SUSPEND RESIZE DELETE');
    expect(await actions(acme.viewer, id)).toBe('');
    await operated(acme.operator, 'suspendVm', { id });
    expect(await actions(acme.operator, id)).toBe('START STOP RESUME DELETE');
    await operated(acme.operator, 'deleteVm', { id });
    expect(await actions(acme.owner, id)).toBe('');
  });
});

describe('consoleLog', () => {
  const query = 'query ($id: ID!, $n: Int!) { vm(id: $id) { consoleLog(maxBytes: $n) } }';

  it('is the end of what the guest wrote, for operators', async () => {
    const id = await createVm(acme.operator, { name: 'talker', templateId });
    const { vm } = await acme.operator.data(query, { id, n: 4096 });
    expect(vm.consoleLog).toContain('GUEST-READY talker');
    const tail = (await acme.operator.data(query, { id, n: 8 })).vm.consoleLog;
    expect(tail).toHaveLength(8);
    expect(vm.consoleLog.endsWith(tail)).toBe(true);
    expect((await acme.viewer.refusal(query, { id, n: 8 })).extensions.code).toBe('PERMISSION_DENIED');
  });

  it.each([0, -1, 262_145])('cannot be %d bytes', async (n) => {
    const id = await createVm(acme.operator, { name: `talker${String(Math.abs(n))}`, templateId });
    expect((await acme.operator.refusal(query, { id, n })).extensions).toMatchObject({
      code: 'INVALID_ARGUMENT',
      details: { field: 'maxBytes' },
    });
  });
});
