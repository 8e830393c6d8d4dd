import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../src/kernel';
import type { StepContext, WorkflowStep } from '../../src/tasks';
import type { OpenDatabases, TestDatabases } from '../support/test-databases';
import { retryQuickly } from '../support/retry-quickly';
import { EngineStage, step, SYSTEM } from './engine-stage';
import { expectSoundHistory } from './history-rules';

const away = (): AppError => new AppError('UNAVAILABLE', 'The backend is away.');
const DEADLINE = { code: 'DEADLINE_EXCEEDED', message: 'The operation took too long.' };

/** Every state that a task can be in ends by itself. */
export function describeDeadlines(kind: string, open: OpenDatabases): void {
  describe(`deadlines on ${kind}`, () => {
    let databases: TestDatabases;
    let stage: EngineStage;

    beforeAll(async () => {
      databases = await open();
    });

    beforeEach(async () => {
      retryQuickly();
      stage = await EngineStage.open(await databases.fresh());
    });

    afterEach(async () => {
      jest.restoreAllMocks();
      await stage.close();
    });

    afterAll(async () => {
      await databases.close();
    });

    test('end a step that waits, and take it back', async () => {
      const undone: string[] = [];
      stage.register({
        deadlineMs: 200,
        steps: [
          {
            ...step('one', async ({ signal }: StepContext<unknown>) => {
              await new Promise((resolve) => signal.addEventListener('abort', resolve));
              // What a guarded provider makes of it.
              throw new AppError('CANCELLED', 'The call was cancelled.');
            }),
            undo: async () => {
              undone.push('one');
              return undefined;
            },
          },
        ],
      });
      stage.engine();
      const { id } = await stage.enqueue();
      expect(await stage.ended(id)).toMatchObject({ status: 'FAILED', error: DEADLINE });
      expect(undone).toEqual(['one']);
      await expectSoundHistory(stage, id);
    });

    test('end a task that is parked again and again', async () => {
      stage.register({
        deadlineMs: 300,
        steps: [
          {
            ...step('one', () => {
              throw away();
            }),
            maxAttempts: 1_000,
          },
        ],
      });
      stage.engine();
      const { id } = await stage.enqueue();
      expect(await stage.ended(id)).toMatchObject({ status: 'FAILED', error: DEADLINE });
    }, 30_000);

    test('end a task before its next step when the time was used up by others', async () => {
      const acts: string[] = [];
      stage.register({
        deadlineMs: 500,
        steps: [
          step('one', async ({ task }) => {
            while ((await stage.database.now()) <= (task.deadlineAt ?? 0)) await sleep(20);
          }),
          step('two', () => void acts.push('two')),
        ],
      });
      stage.engine();
      const { id } = await stage.enqueue();
      expect(await stage.ended(id)).toMatchObject({ status: 'FAILED', error: DEADLINE });
      expect(acts).toEqual([]);
    });

    test('do not begin while a task is queued', async () => {
      stage.register({ deadlineMs: 1, steps: [] });
      const { id } = await stage.enqueue();
      expect(await stage.row(id)).toMatchObject({ deadlineAt: null });
    });

    const stubborn = (undo: WorkflowStep<unknown>['undo'], fails: boolean): WorkflowStep<unknown>[] => [
      {
        ...step('one', () => undefined),
        undo: undo!,
      },
      step('two', async ({ task }) => {
        if (fails) throw new AppError('INVALID_ARGUMENT', 'That cannot be.');
        await stage.service.cancel(SYSTEM, task.id);
      }),
      step('three', () => undefined),
    ];

    test.each(['failed', 'cancelled'])(
      'end the taking back of a %s task too, which then says that something was left',
      async (how) => {
        let tries = 0;
        const undo = async (): Promise<undefined> => {
          tries += 1;
          throw away();
        };
        stage.register({ deadlineMs: 500, steps: stubborn(undo, how === 'failed') });
        stage.engine();
        const { id } = await stage.enqueue();
        const task = await stage.ended(id);
        expect(task).toMatchObject({
          status: 'FAILED',
          message: 'Failed, and cleaning up did not finish.',
          error: { code: how === 'failed' ? 'INVALID_ARGUMENT' : 'CANCELLED' },
        });
        expect(task.steps[0]).toMatchObject({ name: 'one', status: 'SUCCEEDED' });
        expect(tries).toBeGreaterThan(1);
        expect(stage.ends).toMatchObject([{ status: 'FAILED', undone: false }]);
        await expectSoundHistory(stage, id);
      },
      30_000,
    );

    test('leave time to take back again what could not be taken back at first', async () => {
      let tries = 0;
      const undo = async (): Promise<undefined> => {
        tries += 1;
        if (tries < 3) throw new AppError('FAILED_PRECONDITION', 'Not now.');
        return undefined;
      };
      stage.register({ steps: stubborn(undo, true) });
      stage.engine();
      const { id } = await stage.enqueue();
      const task = await stage.ended(id);
      expect(task.steps[0]).toMatchObject({ name: 'one', status: 'UNDONE' });
      expect(tries).toBe(3);
      expect(stage.ends).toMatchObject([{ status: 'FAILED', undone: true }]);
    }, 30_000);
  });
}
