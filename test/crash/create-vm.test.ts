import { createVmWorkflow } from '../../src/vms';
import { expectSoundHistory } from '../tasks/history-rules';
import { MortalGateway } from './mortal-gateway';

/** The calls that change something outside the database, by step. */
const SIDE_EFFECTS: Readonly<Record<string, string>> = { 'create-vm': 'create', 'set-power': 'set-power' };

const STEPS = createVmWorkflow({} as never).steps.map(({ name }) => name);

/** Every crash point on the way of a creation, in the order in which it comes by. */
const WAY_FORWARD: readonly string[] = [
  ...STEPS.flatMap((step) => {
    const effect = SIDE_EFFECTS[step];
    const around = effect === undefined ? [] : [`/${effect}:before`, `/${effect}:after`];
    return [':begun', ...around, ':done', ':committed'].map((point) => `CREATE_VM/${step}${point}`);
  }),
  'CREATE_VM:ending',
  'CREATE_VM:ended',
];

/** Once with the handle of the first stage still on record, once with nothing but the backend's own state. */
const BETWEEN_STAGES: readonly string[] = [
  'CREATE_VM/create:CONTINUE:heard',
  'CREATE_VM/create:CONTINUE:left',
  'CREATE_VM/create-vm:done',
];

const WAY_BACK: readonly string[] = [
  'CREATE_VM/create-vm:undo-begun',
  'CREATE_VM/create-vm/delete:before',
  'CREATE_VM/create-vm/delete:after',
  'CREATE_VM/create-vm:undo-done',
  'CREATE_VM:ending',
  'CREATE_VM:ended',
];

/** One creation that is killed at the first point, goes on to the second, is killed there, and so on to its end. */
async function dieAtEach(gateway: MortalGateway, points: readonly string[]): Promise<string> {
  let taskId: string | null = null;
  for (const point of points) {
    await gateway.start(point);
    // The process may die before its answer is out; the task is recorded by then.
    const asked: Promise<string | null> | null =
      taskId === null ? gateway.createVm().catch(() => null) : null;
    await gateway.death();
    if (asked) taskId = (await asked) ?? (await gateway.onlyTask());
  }
  await gateway.start(null);
  if (taskId === null) throw new Error('There were no points.');
  return taskId;
}

describe('a gateway that is killed at every step of a creation', () => {
  let gateway: MortalGateway;

  afterEach(async () => {
    await gateway.remove();
  });

  test('makes one VM in the end, and tells its whole story without a gap', async () => {
    gateway = new MortalGateway();
    const taskId = await dieAtEach(gateway, WAY_FORWARD);
    const stage = await gateway.openStage();
    expect(await stage.ended(taskId)).toMatchObject({ status: 'SUCCEEDED', progress: 100, error: null });
    await expectSoundHistory(stage, taskId);
    await stage.close();
    const { vms } = await gateway.query<{ vms: { nodes: object[] } }>('{ vms { nodes { status } } }');
    expect(vms.nodes).toEqual([{ status: 'RUNNING' }]);
    await gateway.stop();
    const backend = gateway.openBackend();
    expect(backend.vms()).toMatchObject([{ powerState: 'POWERED_ON', marker: { operationId: taskId } }]);
    backend.close();
  }, 180_000);

  test('goes on with a creation of two stages when it is killed between them', async () => {
    gateway = new MortalGateway({ asynchronous: true, operationMs: 20, stagedCreation: true });
    const taskId = await dieAtEach(gateway, BETWEEN_STAGES);
    const stage = await gateway.openStage();
    expect(await stage.ended(taskId)).toMatchObject({ status: 'SUCCEEDED', error: null });
    await expectSoundHistory(stage, taskId);
    await stage.close();
    await gateway.stop();
    const backend = gateway.openBackend();
    // As large as asked, and not as the first stage leaves it.
    expect(backend.vms()).toMatchObject([
      { memoryMib: 512, powerState: 'POWERED_ON', marker: { operationId: taskId } },
    ]);
    backend.close();
  }, 120_000);

  test('leaves nothing when the creation has to be taken back', async () => {
    gateway = new MortalGateway({ capacity: { memoryMib: 256 } });
    const taskId = await dieAtEach(gateway, WAY_BACK);
    const stage = await gateway.openStage();
    expect(await stage.ended(taskId)).toMatchObject({
      status: 'FAILED',
      error: { code: 'RESOURCE_EXHAUSTED' },
    });
    await expectSoundHistory(stage, taskId);
    await stage.close();
    await gateway.stop();
    const backend = gateway.openBackend();
    expect([...backend.vms(), ...backend.leftovers()]).toEqual([]);
    backend.close();
  }, 120_000);
});
