import { AppError } from '../../src/kernel';
import { TASK_OPERATIONS } from '../../src/tasks/task';
import { strandedObjects } from '../tasks/transitional-objects';
import { ADMIN, WorkflowStage } from './stage';

const DAY_MS = 24 * 60 * 60_000;

let stage: WorkflowStage;
beforeEach(async () => {
  stage = await WorkflowStage.open();
});
afterEach(async () => {
  await stage.close();
});

test('every operation has a workflow, and every workflow a deadline, and words for each undo', () => {
  const workflows = stage.nouns.workflows.all();
  expect(workflows.map(({ operation }) => operation).sort()).toEqual([...TASK_OPERATIONS].sort());
  for (const { operation, deadlineMs, steps, retry } of workflows) {
    expect([operation, deadlineMs > 0 && deadlineMs <= DAY_MS]).toEqual([operation, true]);
    expect([operation, typeof retry]).toEqual([operation, 'function']);
    for (const { name, undo, undoes } of steps) {
      expect([name, undoes?.endsWith('.') ?? false]).toEqual([name, undo !== undefined]);
    }
  }
});

test('nothing is on its way without a task that takes it there', async () => {
  const { networkId, taskId: making } = await stage.createNetwork();
  const { vmId, taskId } = await stage.createVm([networkId]);
  expect(await strandedObjects(stage.database)).toEqual([]);
  stage.engine();
  await stage.ended(taskId);
  await stage.ended(making);
  stage.backend.failNext('deleteVm', new AppError('RESOURCE_EXHAUSTED', 'No.'));
  const { task } = await stage.nouns.services.vmOperations.delete(ADMIN, { id: vmId });
  expect(await strandedObjects(stage.database)).toEqual([]);
  expect(await stage.ended(task.id)).toMatchObject({ status: 'FAILED' });
  expect(await strandedObjects(stage.database)).toEqual([]);
  await stage.database.transaction((session) =>
    session.update('Vm', { id: vmId }, { lifecycle: 'DELETING' }),
  );
  expect(await strandedObjects(stage.database)).toEqual([{ id: vmId, state: 'DELETING' }]);
});
