import { ADMIN, WorkflowStage } from './stage';

let stage: WorkflowStage;
afterEach(async () => {
  await stage.close();
});

// Each request on a VM reads what is open on it: without a bound one tenant could keep the gateway from all others.
test('no more can be queued on a VM than its requests can read, and its deletion at any time', async () => {
  stage = await WorkflowStage.open({ observe: false });
  const engine = stage.engine();
  const id = await stage.runningVm();
  await engine.stop(0);
  const { vmOperations } = stage.nouns.services;
  for (let count = 0; count < 100; count += 1) await vmOperations.reboot(ADMIN, { id, force: true });
  await expect(vmOperations.reboot(ADMIN, { id, force: true })).rejects.toMatchObject({
    code: 'RESOURCE_EXHAUSTED',
    details: { limit: 'openTasksPerVm', max: 100, actual: 100 },
  });
  await expect(vmOperations.delete(ADMIN, { id })).resolves.toMatchObject({
    task: { operation: 'DELETE_VM' },
  });
}, 60_000);
