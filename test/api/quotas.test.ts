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
} from '../support/api/requests';
import type { Tenancy } from '../support/api/requests';
import { TestGateway } from '../support/api/test-gateway';
import { until } from '../support/until';
import { AppError } from '../../src/kernel';

let gateway: TestGateway;
let templateId: string;
beforeAll(async () => {
  gateway = await TestGateway.start({ backends: { lab: {}, other: {} } });
  templateId = await registerTemplate(gateway.admin, { name: 'tiny', backends: ['lab', 'other'] });
});
afterAll(() => gateway.close());

const COUNTED = 'vms cpuCount memoryMib storageGib networks';
const SHOWN = `backend { name } limits { ${COUNTED} } used { ${COUNTED} } held { ${COUNTED} }`;
const NONE = { vms: 0, cpuCount: 0, memoryMib: 0, storageGib: 0, networks: 0 };
const NO_LIMIT = { vms: null, cpuCount: null, memoryMib: null, storageGib: null, networks: null };
/** What `vm` asks for. */
const ONE = { vms: 1, cpuCount: 2, memoryMib: 1024, storageGib: 5, networks: 0 };

let tenancies = 0;
const tenancy = (): Promise<Tenancy> => createTenancy(gateway.admin, `acme-${String((tenancies += 1))}`);
const limit = async (own: Tenancy, limits: object, backend = 'lab') =>
  (await gateway.admin.mutate('setQuota', { tenantId: own.id, backend, ...limits }, `quota { ${SHOWN} }`))
    .quota;
const quotas = async (own: Tenancy, caller = own.viewer) =>
  (await caller.data(`query ($id: ID!) { tenant(id: $id) { quotas { ${SHOWN} } } }`, { id: own.id })).tenant
    .quotas;
const onLab = async (own: Tenancy) => (await quotas(own))[0];
const vm = (name: string, more: object = {}): object => ({
  ...{ name, templateId, cpuCount: 2, memoryMib: 1024, diskGib: 5 },
  ...more,
});

describe('Tenant.quotas', () => {
  it('tells of every backend, by name, where nothing is limited too', async () => {
    const own = await tenancy();
    const free = { limits: NO_LIMIT, used: NONE, held: NONE };
    expect(await quotas(own)).toEqual([
      { backend: { name: 'lab' }, ...free },
      { backend: { name: 'other' }, ...free },
    ]);
  });

  it('counts what is there by its backend, and nobody else’s', async () => {
    const [own, another] = [await tenancy(), await tenancy()];
    await createVm(own.operator, vm('one'));
    await createNetwork(own.operator, { name: 'net', cidr: '10.1.0.0/24' });
    const used = { ...ONE, networks: 1 };
    expect(await quotas(own)).toMatchObject([{ used, held: NONE }, { used: NONE }]);
    expect(await quotas(another)).toMatchObject([{ used: NONE }, { used: NONE }]);
    expect(await quotas(own, gateway.admin)).toMatchObject([{ used }, { used: NONE }]);
  });
});

describe('setQuota', () => {
  it('limits what it names, leaves what it does not, and lifts by null', async () => {
    const own = await tenancy();
    expect(await limit(own, { vms: 3, cpuCount: 0 })).toMatchObject({
      limits: { ...NO_LIMIT, vms: 3, cpuCount: 0 },
    });
    expect(await limit(own, { vms: null, memoryMib: 4096 })).toMatchObject({
      limits: { ...NO_LIMIT, cpuCount: 0, memoryMib: 4096 },
    });
    expect(await quotas(own)).toMatchObject([{ limits: { cpuCount: 0 } }, { limits: NO_LIMIT }]);
  });

  it.each([
    [{ vms: -1 }, 'INVALID_ARGUMENT', 'input.vms'],
    [{ storageGib: -5 }, 'INVALID_ARGUMENT', 'input.storageGib'],
    [{ backend: 'moon' }, 'NOT_FOUND', 'input.backend'],
    [{ tenantId: 'ten_00000000000000000000000000000000' }, 'NOT_FOUND', 'input.tenantId'],
  ])('refuses %j', async (change, code, field) => {
    const own = await tenancy();
    const input = { tenantId: own.id, backend: 'lab', ...change };
    const error = await gateway.admin.mutateRefused('setQuota', input);
    expect(error.extensions).toMatchObject({ code, details: { field } });
  });

  it('is not for tenants, whatever their role', async () => {
    const own = await tenancy();
    const error = await own.owner.mutateRefused('setQuota', { tenantId: own.id, backend: 'lab', vms: 9 });
    expect(error.extensions.code).toBe('PERMISSION_DENIED');
  });

  it('takes nothing away that is there, and gives nothing more', async () => {
    const own = await tenancy();
    const id = await createVm(own.operator, vm('kept'));
    await limit(own, { vms: 0, cpuCount: 1 });
    expect(await onLab(own)).toMatchObject({ limits: { vms: 0, cpuCount: 1 }, used: ONE });
    await operated(own.operator, 'resizeVm', { id, memoryMib: 2048 });
    const error = await own.operator.mutateRefused('resizeVm', { id, cpuCount: 3 });
    expect(error.extensions.details).toMatchObject({ limits: [{ limit: 'cpuCount', capacity: 1, used: 2 }] });
  });
});

describe('a request beyond the quota', () => {
  it('is told every limit that does not allow it, and leaves nothing', async () => {
    const own = await tenancy();
    await limit(own, { vms: 2, cpuCount: 3, memoryMib: 8192, storageGib: 8 });
    await createVm(own.operator, vm('there'));
    const before = await onLab(own);
    const input = vm('more', { backend: 'lab', idempotencyKey: 'again' });
    const error = await own.operator.mutateRefused('createVm', input);
    const scope = 'BACKEND';
    expect(error.extensions).toMatchObject({
      code: 'RESOURCE_EXHAUSTED',
      details: {
        field: 'input.cpuCount',
        backend: 'lab',
        limits: [
          { limit: 'cpuCount', scope, capacity: 3, used: 2, held: 0, requested: 2 },
          { limit: 'storageGib', scope, capacity: 8, used: 5, held: 0, requested: 5 },
        ],
      },
    });
    const { vms, tasks } = await own.viewer.data('{ vms { totalCount } tasks { totalCount } }');
    expect([vms.totalCount, tasks.totalCount]).toEqual([1, 1]);
    expect(await onLab(own)).toEqual(before);
    await limit(own, { cpuCount: null, storageGib: null });
    await createVm(own.operator, input);
    expect(await onLab(own)).toMatchObject({ used: { vms: 2, cpuCount: 4 } });
    await startVm(own.operator, input);
    expect(await onLab(own)).toMatchObject({ used: { vms: 2 }, held: NONE });
  });

  it('is refused for networks as well', async () => {
    const own = await tenancy();
    await limit(own, { networks: 1 });
    const id = await createNetwork(own.operator, { name: 'one', cidr: '10.2.0.0/24' });
    const input = { backend: 'lab', mode: 'NAT', name: 'two', cidr: '10.3.0.0/24' };
    const error = await own.operator.mutateRefused('createNetwork', input);
    expect(error.extensions).toMatchObject({
      code: 'RESOURCE_EXHAUSTED',
      details: { field: 'input', limits: [{ limit: 'networks', capacity: 1, used: 1, requested: 1 }] },
    });
    await operated(own.operator, 'deleteNetwork', { id });
    await createNetwork(own.operator, input);
  });

  it('counts on its own backend only', async () => {
    const own = await tenancy();
    await limit(own, { vms: 0 });
    expect((await own.operator.mutateRefused('createVm', vm('a', { backend: 'lab' }))).extensions.code).toBe(
      'RESOURCE_EXHAUSTED',
    );
    await createVm(own.operator, vm('a', { backend: 'other' }));
  });
});

describe('a creation', () => {
  afterEach(() => {
    gateway.backend().setUnavailable(false);
  });

  it('holds while it runs, uses when it is done, and is free again when it is deleted', async () => {
    const own = await tenancy();
    await limit(own, { vms: 1 });
    gateway.backend().setUnavailable(true);
    const { id, taskId } = await startVm(own.operator, vm('one'));
    expect(await onLab(own)).toMatchObject({ used: NONE, held: ONE });
    const error = await own.operator.mutateRefused('createVm', vm('two', { backend: 'lab' }));
    expect(error.extensions.details).toMatchObject({ limits: [{ limit: 'vms', used: 0, held: 1 }] });
    gateway.backend().setUnavailable(false);
    expect(await ended(own.viewer, taskId)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await onLab(own)).toMatchObject({ used: ONE, held: NONE });
    await operated(own.operator, 'stopVm', { id, force: true });
    expect(await onLab(own)).toMatchObject({ used: ONE });
    await operated(own.operator, 'deleteVm', { id });
    expect(await onLab(own)).toMatchObject({ used: NONE, held: NONE });
  });

  it('that fails and is taken back uses nothing, though its VM is on record', async () => {
    const own = await tenancy();
    gateway.backend().failNext('startVm', new AppError('PERMISSION_DENIED', 'No.'));
    const { id, taskId } = await startVm(own.operator, vm('failed'));
    expect(await ended(own.viewer, taskId)).toMatchObject({ status: 'FAILED' });
    expect(await onLab(own)).toMatchObject({ used: NONE, held: NONE });
    await operated(own.operator, 'deleteVm', { id });
    expect(await onLab(own)).toMatchObject({ used: NONE, held: NONE });
  });

  it('that is cancelled while it runs is free again', async () => {
    const own = await tenancy();
    gateway.backend().setUnavailable(true);
    const { taskId } = await startVm(own.operator, vm('turned'));
    const status = async () =>
      (await own.viewer.data('query ($id: ID!) { task(id: $id) { status } }', { id: taskId })).task.status;
    await until(status, (now) => now === 'RUNNING');
    await own.operator.mutate('cancelTask', { id: taskId }, 'task { id }');
    gateway.backend().setUnavailable(false);
    expect(await ended(own.viewer, taskId)).toMatchObject({ status: 'CANCELLED' });
    expect(await onLab(own)).toMatchObject({ used: NONE, held: NONE });
  });

  it('of a network holds and releases in the same way', async () => {
    const own = await tenancy();
    gateway.backend().setUnavailable(true);
    const { taskId } = await startNetwork(own.operator, { name: 'n', cidr: '10.4.0.0/24' });
    expect(await onLab(own)).toMatchObject({ used: NONE, held: { ...NONE, networks: 1 } });
    await own.operator.mutate('cancelTask', { id: taskId }, 'task { id }');
    gateway.backend().setUnavailable(false);
    expect(await ended(own.viewer, taskId)).toMatchObject({ status: 'CANCELLED' });
    expect(await onLab(own)).toMatchObject({ used: NONE, held: NONE });
  });
});

describe('resizeVm', () => {
  it('holds the growth while it is queued, gives it up when cancelled, and uses it when done', async () => {
    const own = await tenancy();
    const id = await createVm(own.operator, vm('growing'));
    await limit(own, { cpuCount: 4 });
    gateway.backend().hangNext('rebootVm');
    const rebooting = await operate(own.operator, 'rebootVm', { id });
    const taskId = await operate(own.operator, 'resizeVm', { id, cpuCount: 4, memoryMib: 512 });
    expect(await onLab(own)).toMatchObject({ used: ONE, held: { ...NONE, cpuCount: 2 } });
    const error = await own.operator.mutateRefused('createVm', vm('no', { backend: 'lab', cpuCount: 1 }));
    expect(error.extensions.details).toMatchObject({ limits: [{ limit: 'cpuCount', used: 2, held: 2 }] });
    await own.operator.mutate('cancelTask', { id: taskId }, 'task { id }');
    expect(await onLab(own)).toMatchObject({ used: ONE, held: NONE });
    void rebooting;
  });

  it('to less is free at its end, and not before', async () => {
    const own = await tenancy();
    const id = await createVm(own.operator, vm('shrinking'));
    gateway.backend().setUnavailable(true);
    const taskId = await operate(own.operator, 'resizeVm', { id, cpuCount: 1 });
    expect(await onLab(own)).toMatchObject({ used: ONE, held: NONE });
    gateway.backend().setUnavailable(false);
    expect(await ended(own.viewer, taskId)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await onLab(own)).toMatchObject({ used: { ...ONE, cpuCount: 1 }, held: NONE });
  });

  it('uses its growth when it is done, and gives it back when it fails', async () => {
    const own = await tenancy();
    const id = await createVm(own.operator, vm('grown'));
    await operated(own.operator, 'resizeVm', { id, cpuCount: 3, diskGib: 7 });
    const used = { ...ONE, cpuCount: 3, storageGib: 7 };
    expect(await onLab(own)).toMatchObject({ used, held: NONE });
    gateway.backend().failNext('resizeVm', new AppError('RESOURCE_EXHAUSTED', 'Full.'));
    const taskId = await operate(own.operator, 'resizeVm', { id, cpuCount: 8 });
    expect(await ended(own.viewer, taskId)).toMatchObject({ status: 'FAILED' });
    expect(await onLab(own)).toMatchObject({ used, held: NONE });
  });
});
