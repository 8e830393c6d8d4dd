import fc from 'fast-check';
import { AppError } from '../../src/kernel';
import type { StepContext, WorkflowStep } from '../../src/tasks';
import { LeaseLostError } from '../../src/tasks/lease-lost-error';
import { retryQuickly } from '../support/retry-quickly';
import { sqliteDatabases } from '../support/test-databases';
import { EngineStage, SYSTEM } from './engine-stage';
import { expectSoundHistory } from './history-rules';

/** How one try of a step ends. Fewer than would exhaust the tries or count as poison. */
type Outcome = 'RETRY' | 'CRASH' | 'FAIL';

interface StepPlan {
  /** What befalls the first tries of `do`; afterwards it succeeds. */
  readonly does: readonly Outcome[];
  /** The same for `undo`, where FAIL is one more reason to try again; null where there is none. */
  readonly undoes: readonly Outcome[] | null;
}

interface Plan {
  readonly steps: readonly StepPlan[];
  /** During the first try of which step somebody asks to cancel. */
  readonly cancelIn: number | null;
}

interface Prediction {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'CANCELLED';
  /** Every try, in order: `do 0`, `undo 0`. */
  readonly tries: readonly string[];
}

/** What the engine is to do, told as simply as possible. */
function predict({ steps, cancelIn }: Plan): Prediction {
  const tries: string[] = [];
  let cancelled = false;
  let turnedBack: 'FAILED' | 'CANCELLED' | null = null;
  let begun = 0;
  for (let index = 0; index < steps.length && !turnedBack; index += 1) {
    for (const outcome of [...steps[index]!.does, 'SUCCEED']) {
      if (cancelled) turnedBack = 'CANCELLED';
      if (turnedBack) break;
      tries.push(`do ${String(index)}`);
      begun = index + 1;
      cancelled ||= cancelIn === index;
      if (outcome === 'FAIL') turnedBack = 'FAILED';
      if (outcome === 'FAIL' || outcome === 'SUCCEED') break;
    }
  }
  if (!turnedBack) return { status: 'SUCCEEDED', tries };
  for (let index = begun - 1; index >= 0; index -= 1) {
    const { undoes } = steps[index]!;
    if (undoes) for (const _ of [...undoes, 'SUCCEED']) tries.push(`undo ${String(index)}`);
  }
  return { status: turnedBack, tries };
}

const outcome = fc.constantFrom<Outcome[]>('RETRY', 'CRASH', 'FAIL');
const stepPlan: fc.Arbitrary<StepPlan> = fc.record({
  does: fc.array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom<Outcome[]>('RETRY', 'CRASH') },
      { weight: 1, arbitrary: outcome },
    ),
    { maxLength: 2 },
  ),
  undoes: fc.option(fc.array(outcome, { maxLength: 2 }), { nil: null }),
});
const plans: fc.Arbitrary<Plan> = fc.record({
  steps: fc.array(stepPlan, { minLength: 1, maxLength: 4 }),
  cancelIn: fc.option(fc.nat({ max: 3 }), { nil: null }),
});

/** One plan as a workflow's steps that write down each of their tries. */
function act(stage: EngineStage, plan: Plan, tries: string[]): WorkflowStep<unknown>[] {
  const suffer = async (outcomes: Outcome[], { task }: StepContext<unknown>): Promise<undefined> => {
    const next = outcomes.shift();
    if (next === 'RETRY') throw new AppError('UNAVAILABLE', 'Not now.');
    if (next === 'FAIL') throw new AppError('INVALID_ARGUMENT', 'Never.');
    if (next !== 'CRASH') return undefined;
    // What the others see of a worker that died some time ago.
    await stage.database.transaction((session) => session.update('Task', { id: task.id }, { leaseUntil: 1 }));
    throw new LeaseLostError(task.id);
  };
  return plan.steps.map(({ does, undoes }, index) => {
    const doing = [...does];
    const undoing = undoes && [...undoes];
    let asked = false;
    return {
      name: `step-${String(index)}`,
      do: async (context) => {
        tries.push(`do ${String(index)}`);
        if (plan.cancelIn === index && !asked) await stage.service.cancel(SYSTEM, context.task.id);
        asked = true;
        return suffer(doing, context);
      },
      ...(undoing && {
        undo: async (context: StepContext<unknown>) => {
          tries.push(`undo ${String(index)}`);
          return suffer(undoing, context);
        },
      }),
    };
  });
}

test('every task ends as the model says, whatever befalls its steps', async () => {
  retryQuickly();
  const databases = await sqliteDatabases();
  try {
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        const stage = await EngineStage.open(await databases.fresh());
        try {
          const tries: string[] = [];
          stage.register({ steps: act(stage, plan, tries) });
          stage.engine({ pollMs: 5, maxCrashes: 100 });
          const { id } = await stage.enqueue();
          const task = await stage.ended(id);
          expect({ status: task.status, tries }).toEqual(predict(plan));
          expect(stage.ends).toMatchObject([{ status: task.status, undone: true }]);
          await expectSoundHistory(stage, id);
        } finally {
          await stage.close();
        }
      }),
      { numRuns: 25 },
    );
  } finally {
    await databases.close();
  }
}, 300_000);
