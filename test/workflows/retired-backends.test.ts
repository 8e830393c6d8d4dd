import { AppError } from '../../src/kernel';
import { ADMIN, WorkflowStage } from './stage';

let stage: WorkflowStage;
afterEach(async () => {
  await stage.close();
});

test('nothing is repeated on a backend that is no longer configured, and the reason is told', async () => {
  stage = await WorkflowStage.open();
  stage.engine();
  const refused = (): AppError => new AppError('PERMISSION_DENIED', 'No.');
  stage.backend.failNext('createNetwork', refused());
  const network = await stage.createNetwork();
  expect(await stage.ended(network.taskId)).toMatchObject({ status: 'FAILED' });
  stage.backend.failNext('createVm', refused());
  const vm = await stage.createVm();
  expect(await stage.ended(vm.taskId)).toMatchObject({ status: 'FAILED' });
  const { backends } = stage.nouns.stores;
  const { live } = backends as unknown as { live: Map<string, unknown> };
  live.clear();
  for (const { taskId } of [network, vm]) {
    await expect(stage.nouns.services.tasks.retry(ADMIN, taskId)).rejects.toMatchObject({
      code: 'FAILED_PRECONDITION',
      details: { reason: 'OBJECT_STATE' },
    });
  }
});
