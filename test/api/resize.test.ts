import {
  createTenancy,
  createVm,
  ended,
  operate,
  operated,
  registerTemplate,
  succeeded,
} from '../support/api/requests';
import type { Tenancy } from '../support/api/requests';
import { TestGateway } from '../support/api/test-gateway';

let gateway: TestGateway;
let acme: Tenancy;
let templateId: string;
beforeAll(async () => {
  gateway = await TestGateway.start({
    backends: {
      lab: {},
      small: {
        capabilities: { resizeCpu: 'WHEN_STOPPED', resizeMemory: 'WHEN_STOPPED' },
        capacity: { memoryMib: 2048 },
      },
      cold: { capabilities: { resizeCpu: 'WHEN_STOPPED', resizeMemory: 'WHEN_STOPPED' } },
      fixed: {
        capabilities: {
          resizeCpu: 'ANY_STATE',
          resizeMemory: 'NEVER',
          resizeDisk: 'NEVER',
          gracefulStop: false,
        },
      },
    },
  });
  acme = await createTenancy(gateway.admin, 'acme');
  templateId = await registerTemplate(gateway.admin, {
    name: 'tiny',
    backends: ['lab', 'small', 'cold', 'fixed'],
  });
});
afterAll(() => gateway.close());

let count = 0;
const make = (backend: string, more: object = {}): Promise<string> =>
  createVm(acme.operator, { name: `vm-${String((count += 1))}`, templateId, backend, diskGib: 5, ...more });
const read = async (id: string) => {
  const query = 'query ($id: ID!) { vm(id: $id) { status cpuCount memoryMib diskGib tasks { totalCount } } }';
  return (await acme.viewer.data(query, { id })).vm;
};

describe('resizeVm', () => {
  it('changes all sizes of a running VM where the backend can, and the backend has them', async () => {
    const id = await make('lab');
    await operated(acme.operator, 'resizeVm', { id, cpuCount: 4, memoryMib: 2048, diskGib: 9 });
    const sizes = { cpuCount: 4, memoryMib: 2048, diskGib: 9 };
    expect(await read(id)).toMatchObject({ status: 'RUNNING', ...sizes });
    expect(gateway.backend().vms().at(-1)).toMatchObject(sizes);
  });

  it('refuses a smaller disk and takes the same one', async () => {
    const id = await make('lab');
    const error = await acme.operator.mutateRefused('resizeVm', { id, diskGib: 4 });
    expect(error.extensions).toMatchObject({ code: 'INVALID_ARGUMENT', details: { field: 'input.diskGib' } });
    await operated(acme.operator, 'resizeVm', { id, diskGib: 5 });
    expect(await read(id)).toMatchObject({ diskGib: 5, status: 'RUNNING' });
  });

  it('says NEEDS_STOP, restarts where that is allowed, and needs neither on a stopped VM', async () => {
    const id = await make('cold');
    const error = await acme.operator.mutateRefused('resizeVm', { id, cpuCount: 2 });
    expect(error.extensions).toMatchObject({
      code: 'FAILED_PRECONDITION',
      details: { reason: 'NEEDS_STOP' },
    });
    expect((await read(id)).tasks.totalCount).toBe(1);
    await operated(acme.operator, 'resizeVm', { id, cpuCount: 2, allowRestart: true });
    expect(await read(id)).toMatchObject({ cpuCount: 2, status: 'RUNNING' });
    await operated(acme.operator, 'stopVm', { id });
    await operated(acme.operator, 'resizeVm', { id, cpuCount: 3 });
    expect(await read(id)).toMatchObject({ cpuCount: 3, status: 'STOPPED' });
  });

  it('may be queued behind the stop that it needs', async () => {
    const id = await make('cold');
    const stopping = await operate(acme.operator, 'stopVm', { id });
    const { errors, data } = await acme.operator.ask(
      'mutation ($input: ResizeVmInput!) { resizeVm(input: $input) { task { id } } }',
      { input: { id, cpuCount: 2 } },
    );
    await succeeded(acme.operator, stopping);
    expect(errors).toEqual([]);
    await succeeded(acme.operator, data.resizeVm.task.id);
    expect(await read(id)).toMatchObject({ cpuCount: 2, status: 'STOPPED' });
  });

  it('names the size that the backend cannot change', async () => {
    const id = await make('fixed');
    for (const field of ['memoryMib', 'diskGib']) {
      const error = await acme.operator.mutateRefused('resizeVm', { id, [field]: 4096 });
      expect(error.extensions).toMatchObject({ code: 'UNSUPPORTED', details: { field: `input.${field}` } });
    }
    await operated(acme.operator, 'resizeVm', { id, cpuCount: 2, diskGib: 5 });
  });
});

describe('a backend that cannot ask a guest', () => {
  it('stops by force only', async () => {
    const id = await make('fixed');
    const error = await acme.operator.mutateRefused('stopVm', { id });
    expect(error.extensions).toMatchObject({ code: 'UNSUPPORTED', details: { field: 'input.force' } });
    await operated(acme.operator, 'stopVm', { id, force: true });
    expect(await read(id)).toMatchObject({ status: 'STOPPED' });
  });
});

it('gives a VM its old size back that would not start with the new one', async () => {
  const id = await make('small', { memoryMib: 512 });
  const taskId = await operate(acme.operator, 'resizeVm', { id, memoryMib: 4096, allowRestart: true });
  const task = await ended(acme.operator, taskId);
  expect(task).toMatchObject({ status: 'FAILED', error: { code: 'RESOURCE_EXHAUSTED' } });
  expect(await read(id)).toMatchObject({ status: 'RUNNING', memoryMib: 512 });
});
