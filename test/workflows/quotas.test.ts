import { amountsOf } from '../../src/allocations';
import type { Amounts } from '../../src/allocations';
import { AppError } from '../../src/kernel';
import type { HypervisorProvider, VmSize } from '../../src/providers/contract';
import { retryQuickly } from '../support/retry-quickly';
import { until } from '../support/until';
import { expectSettled } from './invariants';
import { ADMIN, WorkflowStage } from './stage';

beforeEach(retryQuickly);

const NONE = amountsOf({});
/** What the stage asks for. */
const ONE = amountsOf({ vms: 1, cpuCount: 1, memoryMib: 512, storageGib: 2 });

let stage: WorkflowStage;
afterEach(async () => {
  jest.restoreAllMocks();
  await stage.close();
});

async function quota(): Promise<{ readonly used: Amounts; readonly held: Amounts }> {
  const { quotas } = stage.nouns.stores;
  const [own] = await quotas.ofTenants(stage.database.reader, ADMIN, [stage.tenantId]);
  return { used: own?.used ?? NONE, held: own?.held ?? NONE };
}

const limit = (limits: object) =>
  stage.nouns.services.quotas.set(ADMIN, { tenantId: stage.tenantId, backend: 'demo', limits });

const resize = (id: string, size: Partial<VmSize>) =>
  stage.nouns.services.vmOperations.resize(ADMIN, {
    ...{ id, cpuCount: null, memoryMib: null, diskGib: null, allowRestart: true },
    ...size,
  });

/** Gives twice the memory that is asked for, as a catalog may that has nothing in between. */
const rounding = (provider: HypervisorProvider): HypervisorProvider =>
  new Proxy(provider, {
    get: (target, name: keyof HypervisorProvider) => {
      const createVm: HypervisorProvider['createVm'] = (spec, call) =>
        target.createVm({ ...spec, memoryMib: spec.memoryMib * 2 }, call);
      const member: unknown = target[name];
      if (name === 'createVm') return createVm;
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });

test('what a catalog rounds up is counted as soon as it is known, and not refused', async () => {
  stage = await WorkflowStage.open({ wrap: rounding });
  await limit({ memoryMib: 512 });
  stage.engine();
  await stage.runningVm();
  expect(await quota()).toEqual({ used: { ...ONE, memoryMib: 1024 }, held: NONE });
  await expect(stage.createVm([], 'another')).rejects.toMatchObject({
    details: { limits: [{ limit: 'memoryMib', capacity: 512, used: 1024, requested: 512 }] },
  });
  await expectSettled(stage);
});

test('a size that was changed on the backend is counted', async () => {
  stage = await WorkflowStage.open();
  stage.engine();
  const { externalId } = await stage.vm(await stage.runningVm());
  stage.backend.changeBehindBack(externalId ?? '', { cpuCount: 6 });
  await until(quota, ({ used }) => used.cpuCount === 6);
  await expectSettled(stage);
});

test('what a creation may have left on the backend counts until it is deleted', async () => {
  stage = await WorkflowStage.open({ observe: false });
  await limit({ vms: 1 });
  const refuse = new AppError('PERMISSION_DENIED', 'No.');
  for (const method of ['startVm', 'deleteVm'] as const) stage.backend.failNext(method, refuse);
  for (let tries = 1; tries < 10; tries += 1) stage.backend.failNext('deleteVm', refuse);
  stage.engine();
  const { vmId, taskId } = await stage.createVm();
  expect(await stage.ended(taskId)).toMatchObject({
    status: 'FAILED',
    message: expect.stringContaining('cleaning up did not finish'),
  });
  expect(await quota()).toEqual({ used: ONE, held: NONE });
  await expect(stage.createVm([], 'next')).rejects.toMatchObject({ code: 'RESOURCE_EXHAUSTED' });
  await expectSettled(stage);
  const { task } = await stage.nouns.services.vmOperations.delete(ADMIN, { id: vmId });
  expect(await stage.ended(task.id)).toMatchObject({ status: 'SUCCEEDED' });
  expect(await quota()).toEqual({ used: NONE, held: NONE });
  await expectSettled(stage);
});

test('several resizes of one VM hold the largest of them, whichever of them succeed', async () => {
  stage = await WorkflowStage.open();
  const engine = stage.engine();
  const vmId = await stage.runningVm();
  await engine.stop(0);
  await limit({ cpuCount: 8 });
  const tasks = [];
  for (const cpuCount of [8, 3]) tasks.push((await resize(vmId, { cpuCount })).task.id);
  expect(await quota()).toEqual({ used: ONE, held: { ...NONE, cpuCount: 7 } });
  await expect(resize(vmId, { cpuCount: 9 })).rejects.toMatchObject({
    details: { field: 'input.cpuCount', limits: [{ limit: 'cpuCount', used: 1, held: 7, requested: 1 }] },
  });
  stage.backend.failNext('resizeVm', new AppError('RESOURCE_EXHAUSTED', 'Full.'));
  stage.engine();
  for (const taskId of tasks) await stage.ended(taskId);
  expect(await quota()).toEqual({ used: { ...ONE, cpuCount: 3 }, held: NONE });
  await expectSettled(stage);
});

test('a VM that is cancelled takes what was queued behind it out of the ledger', async () => {
  stage = await WorkflowStage.open({ observe: false });
  const { vmId, taskId } = await stage.createVm();
  await resize(vmId, { cpuCount: 4 });
  expect((await quota()).held).toEqual({ ...ONE, cpuCount: 4 });
  await stage.nouns.services.tasks.cancel(ADMIN, taskId);
  expect(await quota()).toEqual({ used: NONE, held: NONE });
  stage.engine();
  const open = () => stage.database.reader.count('Task', { where: { open: 1 } });
  await until(open, (count) => count === 0);
  await expectSettled(stage);
});
