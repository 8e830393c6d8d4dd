import { AppError } from '../../src/kernel';
import type { Data } from '../support/api/api-answer';
import {
  createTenancy,
  createVm,
  ended,
  operate,
  registerTemplate,
  startNetwork,
  startVm,
  succeeded,
} from '../support/api/requests';
import type { Tenancy } from '../support/api/requests';
import { TestGateway } from '../support/api/test-gateway';
import { until } from '../support/until';

let gateway: TestGateway;
let acme: Tenancy;
let templateId: string;
beforeAll(async () => {
  gateway = await TestGateway.start();
  acme = await createTenancy(gateway.admin, 'acme');
  templateId = await registerTemplate(gateway.admin, { name: 'tiny' });
});
afterAll(async () => {
  await gateway.close();
});

const SHOWN = `id operation status queuePosition backend { name } waitsFor { id } retryOf { id } retriedBy { id }
  cancellable cancelPreview { step summary } steps { name status }`;
const read = async (id: string): Promise<Data> =>
  (await acme.viewer.data(`query ($id: ID!) { task(id: $id) { ${SHOWN} } }`, { id })).task;
const refuse = (
  method: 'createVm' | 'startVm' | 'stopVm' | 'deleteVm' | 'createNetwork' | 'deleteNetwork',
) => {
  gateway.backend().failNext(method, new AppError('RESOURCE_EXHAUSTED', 'No host has room for it.'));
};
const failed = async (taskId: string): Promise<void> => {
  expect(await ended(acme.viewer, taskId)).toMatchObject({ status: 'FAILED' });
};
const retried = (id: string): Promise<string> => operate(acme.operator, 'retryTask', { id });
const refusedFor = async (id: string): Promise<unknown[]> => {
  const { extensions } = await acme.operator.mutateRefused('retryTask', { id });
  return [extensions.code, extensions.details?.reason];
};
const statusOf = async (id: string): Promise<string> =>
  (await acme.viewer.data('query ($id: ID!) { vm(id: $id) { status } }', { id })).vm.status;

describe('retryTask', () => {
  it('makes the VM that could not be made, with the keys that it was to have', async () => {
    refuse('createVm');
    const sshKeys = ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl me'];
    const { id, taskId } = await startVm(acme.operator, { name: 'second-try', templateId, sshKeys });
    await failed(taskId);
    expect(await statusOf(id)).toBe('ERROR');
    const again = await retried(taskId);
    await succeeded(acme.viewer, again);
    expect(await statusOf(id)).toBe('RUNNING');
    expect(await read(again)).toMatchObject({
      retryOf: { id: taskId },
      retriedBy: null,
      backend: { name: 'lab' },
    });
    expect(await read(taskId)).toMatchObject({ retryOf: null, retriedBy: { id: again } });
    const made = gateway
      .backend()
      .vms()
      .filter(({ name }) => name === 'second-try');
    expect(made).toMatchObject([{ marker: { operationId: again } }]);
  });

  it('answers the same task when it is repeated', async () => {
    refuse('createVm');
    const { taskId } = await startVm(acme.operator, { name: 'asked-twice', templateId });
    await failed(taskId);
    const first = await retried(taskId);
    await succeeded(acme.viewer, first);
    expect(await retried(taskId)).toBe(first);
  });

  it('refuses what did not fail, and what has been overtaken', async () => {
    const id = await createVm(acme.operator, { name: 'overtaken', templateId });
    refuse('stopVm');
    const stopping = await operate(acme.operator, 'stopVm', { id, force: true });
    await failed(stopping);
    const rebooting = await operate(acme.operator, 'rebootVm', { id });
    await succeeded(acme.viewer, rebooting);
    expect(await refusedFor(rebooting)).toEqual(['FAILED_PRECONDITION', 'NOT_FAILED']);
    gateway.backend().hangNext('rebootVm');
    await operate(acme.operator, 'rebootVm', { id });
    expect(await refusedFor(stopping)).toEqual(['FAILED_PRECONDITION', 'OBJECT_BUSY']);
  });

  it('refuses a creation whose user data was forgotten', async () => {
    refuse('createVm');
    const { taskId } = await startVm(acme.operator, {
      name: 'secretive',
      templateId,
      userData: '#cloud-config',
    });
    await failed(taskId);
    expect(await refusedFor(taskId)).toEqual(['FAILED_PRECONDITION', 'USER_DATA_FORGOTTEN']);
  });

  it('refuses a creation whose VM is deleted', async () => {
    refuse('createVm');
    const { id, taskId } = await startVm(acme.operator, { name: 'deleted', templateId });
    await failed(taskId);
    await succeeded(acme.viewer, await operate(acme.operator, 'deleteVm', { id }));
    expect(await refusedFor(taskId)).toEqual(['FAILED_PRECONDITION', 'OBJECT_STATE']);
  });

  it('deletes what could not be deleted, and makes and deletes networks likewise', async () => {
    const id = await createVm(acme.operator, { name: 'sticky', templateId });
    refuse('deleteVm');
    const deletion = await operate(acme.operator, 'deleteVm', { id });
    await failed(deletion);
    await succeeded(acme.viewer, await retried(deletion));
    expect(await statusOf(id)).toBe('DELETED');

    refuse('createNetwork');
    const network = await startNetwork(acme.operator, { name: 'net', cidr: '10.9.0.0/24' });
    await failed(network.taskId);
    await succeeded(acme.viewer, await retried(network.taskId));
    refuse('deleteNetwork');
    const removal = await operate(acme.operator, 'deleteNetwork', { id: network.id });
    await failed(removal);
    await succeeded(acme.viewer, await retried(removal));
  });

  it('wants the role that the first request wanted', async () => {
    refuse('createVm');
    const { taskId } = await startVm(acme.operator, { name: 'guarded', templateId });
    await failed(taskId);
    const { extensions } = await acme.viewer.mutateRefused('retryTask', { id: taskId });
    expect(extensions.code).toBe('PERMISSION_DENIED');
    const rival = await createTenancy(gateway.admin, 'rival');
    expect((await rival.operator.mutateRefused('retryTask', { id: taskId })).extensions.code).toBe(
      'NOT_FOUND',
    );
  });
});

describe('cancelPreview', () => {
  it('tells what would be taken back, and nothing before it began or when it is over', async () => {
    gateway.backend().hangNext('startVm');
    const { taskId } = await startVm(acme.operator, { name: 'previewed', templateId });
    await until(async () =>
      (await read(taskId)).steps.some((step: Data) => step.name === 'set-power' && step.status === 'RUNNING'),
    );
    expect(await read(taskId)).toMatchObject({
      cancellable: 'AT_NEXT_STEP',
      cancelPreview: [{ step: 'create-vm', summary: 'Removes the VM and its disks from the backend.' }],
    });
    const id = await createVm(acme.operator, { name: 'plain', templateId });
    const stop = await operate(acme.operator, 'stopVm', { id, force: true });
    await succeeded(acme.viewer, stop);
    expect(await read(stop)).toMatchObject({ cancellable: 'NEVER', cancelPreview: [] });
  });
});

describe('queuePosition', () => {
  it('counts the tenant’s own tasks that wait for a place on the same backend', async () => {
    const crowd = await createTenancy(gateway.admin, 'crowd');
    const ids: string[] = [];
    // One more than the worker has places, each of which hangs.
    for (let count = 0; count < 8; count += 1) gateway.backend().hangNext('createVm');
    for (let count = 0; count < 11; count += 1) {
      ids.push((await startVm(crowd.operator, { name: `crowd-${String(count)}`, templateId })).taskId);
    }
    const { tasks } = await crowd.viewer.data(
      '{ tasks(filter: { status: QUEUED }) { nodes { id queuePosition waitsFor { id } } } }',
    );
    const positions = tasks.nodes.map(({ queuePosition }: Data) => queuePosition as number);
    expect(positions).toEqual(positions.map((_: number, index: number) => positions.length - 1 - index));
    expect(positions.length).toBeGreaterThan(1);
    expect(tasks.nodes.every(({ waitsFor }: Data) => waitsFor === null)).toBe(true);
  });
});
