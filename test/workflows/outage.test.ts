import { silentLogger } from '../../src/kernel';
import { unwatchedCall } from '../../src/providers/contract';
import type { Task } from '../../src/tasks';
import { retryQuickly } from '../support/retry-quickly';
import { expectSettled } from './invariants';
import { WorkflowStage } from './stage';

beforeEach(retryQuickly);

/** Never tried by itself within the test: only a probe closes it. */
const NO_TRIAL = { threshold: 3, halfOpenAfterMs: 3_600_000 };

describe('while calls to a backend are held back', () => {
  let stage: WorkflowStage;

  beforeEach(async () => {
    stage = await WorkflowStage.open({ guard: { circuit: NO_TRIAL, timeoutsMs: { resolveImage: 20 } } });
  });

  afterEach(async () => {
    await stage.close();
  });

  /** What its guard lets through is counted. */
  function asked(): number {
    return stage.calls.filter((call) => call === 'resolveImage').length;
  }

  test('tasks are put down for another try without asking, keep no place, and succeed afterwards', async () => {
    for (let count = 0; count < NO_TRIAL.threshold; count += 1) stage.backend.hangNext('resolveImage');
    stage.engine({ concurrency: 1 });
    const heldBack = ({ message }: Task): boolean => message?.includes('does not answer') === true;
    const first = await stage.createVm([], 'first');
    await stage.until(first.taskId, heldBack);
    // There is one place only, which the first does not keep.
    const second = await stage.createVm([], 'second');
    await stage.until(second.taskId, heldBack);
    expect(asked()).toBe(NO_TRIAL.threshold);
    const [live] = stage.nouns.stores.backends.allLive();
    await live?.provider.probe(unwatchedCall(new AbortController().signal, silentLogger));
    for (const { taskId } of [first, second])
      expect(await stage.ended(taskId)).toMatchObject({ status: 'SUCCEEDED', error: null });
    await expectSettled(stage);
  });
});
