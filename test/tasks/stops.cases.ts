import type { DatabaseConfig } from '../../src/database';
import { AppError } from '../../src/kernel';
import type { StepContext } from '../../src/tasks';
import { Signal } from '../support/test-databases';
import type { OpenDatabases, TestDatabases } from '../support/test-databases';
import { EngineStage, step } from './engine-stage';
import { expectSoundHistory } from './history-rules';

async function untilAborted({ signal }: StepContext<unknown>): Promise<never> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
  throw new AppError('CANCELLED', 'The call was cancelled.');
}

/** What is under way when a process goes down, or when its database does. */
export function describeStops(kind: string, open: OpenDatabases): void {
  describe(`workers that stop on ${kind}`, () => {
    let databases: TestDatabases;
    let config: DatabaseConfig;
    let stage: EngineStage;
    let others: EngineStage[];

    beforeAll(async () => {
      databases = await open();
    });

    beforeEach(async () => {
      config = await databases.fresh();
      stage = await EngineStage.open(config);
      others = [];
    });

    afterEach(async () => {
      await Promise.all(others.map((other) => other.close()));
      await stage.close();
    });

    afterAll(async () => {
      await databases.close();
    });

    async function anotherStage(): Promise<EngineStage> {
      const other = await EngineStage.open(config);
      others.push(other);
      return other;
    }

    test('that stop hand their tasks back, and another goes on', async () => {
      const begun = new Signal();
      stage.register({
        steps: [
          step('one', async (context) => {
            begun.raise();
            await untilAborted(context);
          }),
        ],
      });
      const engine = stage.engine();
      const { id } = await stage.enqueue();
      await begun.raised;
      await engine.stop(0);
      expect(await stage.row(id)).toMatchObject({ status: 'RUNNING', leaseOwner: null, crashes: 0 });
      const attempts: number[] = [];
      const other = await anotherStage();
      other.register({ steps: [step('one', ({ attempt }) => void attempts.push(attempt))] });
      other.engine();
      expect(await other.ended(id)).toMatchObject({ status: 'SUCCEEDED' });
      expect(attempts).toEqual([2]);
      await expectSoundHistory(other, id);
    });

    test('that stop let a step finish within the time they have, and hand back the rest', async () => {
      const begun = new Signal();
      const acts: string[] = [];
      stage.register({
        steps: [
          step('one', async () => {
            begun.raise();
            await stopping.raised;
            acts.push('one');
          }),
          step('two', () => void acts.push('two')),
        ],
      });
      const stopping = new Signal();
      const engine = stage.engine();
      const { id } = await stage.enqueue();
      await begun.raised;
      const stopped = engine.stop(60_000);
      stopping.raise();
      await stopped;
      expect(acts).toEqual(['one']);
      expect(await stage.row(id)).toMatchObject({ status: 'RUNNING', leaseOwner: null });
    });

    test('stop even though a step does not heed its signal', async () => {
      const begun = new Signal();
      const late = new Signal();
      const acts: string[] = [];
      stage.register({
        steps: [
          step('one', async (context) => {
            begun.raise();
            await late.raised;
            await context.sideEffect('touch', async () => void acts.push('touched'));
          }),
        ],
      });
      const engine = stage.engine({ leaseMs: 30_000, heartbeatMs: 50 });
      const { id } = await stage.enqueue();
      await begun.raised;
      await engine.stop(0);
      expect(engine.running).toBe(1);
      expect(await stage.row(id)).toMatchObject({ leaseOwner: expect.any(String) });
      late.raise();
      await engine.stop(60_000);
      // Nothing that it did afterwards counted, and since it has ended after all, it need not be waited for.
      expect(acts).toEqual([]);
      expect(await stage.row(id)).toMatchObject({ status: 'RUNNING', leaseOwner: null });
    }, 20_000);

    test('do not take the database’s absence for a crash, and go on when it is back', async () => {
      const acts: number[] = [];
      stage.register({
        steps: [
          step('one', ({ attempt }) => {
            acts.push(attempt);
            if (attempt > 1) return;
            const away = new AppError('UNAVAILABLE', 'The database cannot be reached.');
            // The end of the step, the note that it is tried again, and the first hand-back.
            const transaction = jest.spyOn(stage.database, 'transaction');
            for (let count = 0; count < 3; count += 1) transaction.mockRejectedValueOnce(away);
          }),
        ],
      });
      const engine = stage.engine({ leaseMs: 3_600_000, heartbeatMs: 1_800_000 });
      const { id } = await stage.enqueue();
      expect(await stage.ended(id)).toMatchObject({ status: 'SUCCEEDED', attempts: 2 });
      expect(acts).toEqual([1, 2]);
      expect(await stage.row(id)).toMatchObject({ crashes: 0 });
      await engine.stop(0);
      await expectSoundHistory(stage, id);
    });
  });
}
