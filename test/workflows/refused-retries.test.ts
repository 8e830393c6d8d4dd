import { AppError } from '../../src/kernel';
import { ADMIN, WorkflowStage } from './stage';

let stage: WorkflowStage;
afterEach(async () => {
  await stage.close();
});

test('a network that has come to be used is not removed by a repetition', async () => {
  stage = await WorkflowStage.open();
  stage.engine();
  const { networkId, taskId } = await stage.createNetwork();
  expect(await stage.ended(taskId)).toMatchObject({ status: 'SUCCEEDED' });
  stage.backend.failNext('deleteNetwork', new AppError('PERMISSION_DENIED', 'No.'));
  const removal = await stage.nouns.services.networks.delete(ADMIN, { id: networkId });
  expect(await stage.ended(removal.task.id)).toMatchObject({ status: 'FAILED' });
  const { networks } = stage.nouns.stores;
  const show = (status: 'ACTIVE' | 'ERROR') =>
    stage.database.transaction((session) => networks.update(session, networkId, { status }));
  // As after a repetition of its creation, and its loss later on.
  await show('ACTIVE');
  const vm = await stage.createVm([networkId]);
  expect(await stage.ended(vm.taskId)).toMatchObject({ status: 'SUCCEEDED' });
  await show('ERROR');
  await expect(stage.nouns.services.tasks.retry(ADMIN, removal.task.id)).rejects.toMatchObject({
    code: 'FAILED_PRECONDITION',
    details: { reason: 'OBJECT_STATE' },
  });
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
