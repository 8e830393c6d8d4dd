import type { DatabaseConfig } from '../../src/database';
import type { StepContext } from '../../src/tasks';
import { LeaseLostError } from '../../src/tasks/lease-lost-error';
import { TaskLeaseStore } from '../../src/tasks/task-lease.store';
import { Signal } from '../support/test-databases';
import type { OpenDatabases, TestDatabases } from '../support/test-databases';
import { EngineStage, step } from './engine-stage';
import { expectSoundHistory } from './history-rules';

/** A worker that never renews its lease: what a frozen or dead process is to the others. */
const FROZEN = { leaseMs: 150, heartbeatMs: 3_600_000 };

/** Several workers, in several processes as far as the database can tell. */
export function describeWorkers(kind: string, open: OpenDatabases): void {
  describe(`workers on ${kind}`, () => {
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

    /** A task that was taken by a worker that is dead by now. */
    async function takenByTheDead(taskId: string): Promise<{ taskId: string; fence: number }> {
      const leases = new TaskLeaseStore(stage.database);
      const { fence } = (await stage.row(taskId)) as { fence: number };
      const claimed = await stage.database.transaction((session) =>
        leases.claim(session, { id: taskId, fence }, 'the dead', -1_000),
      );
      return { taskId, fence: claimed!.fence };
    }

    test('never take one task twice, and leave none', async () => {
      const runs: unknown[] = [];
      const stages = [stage, await anotherStage(), await anotherStage()];
      for (const one of stages) one.register({ steps: [step('one', ({ input }) => void runs.push(input))] });
      const ids: string[] = [];
      for (let input = 0; input < 40; input += 1) ids.push((await stage.enqueue({ input })).id);
      for (const one of stages) one.engine({ concurrency: 3 });
      for (const id of ids) expect(await stage.ended(id)).toMatchObject({ status: 'SUCCEEDED', attempts: 1 });
      expect(runs.sort((a, b) => Number(a) - Number(b))).toEqual(ids.map((_, index) => index));
      for (const id of ids) await expectSoundHistory(stage, id);
    }, 60_000);

    test('run tasks of different targets side by side, as many as they may', async () => {
      let running = 0;
      const most: number[] = [];
      const full = new Signal();
      stage.register({
        steps: [
          step('one', async () => {
            running += 1;
            most.push(running);
            if (running === 3) full.raise();
            await full.raised;
            running -= 1;
          }),
        ],
      });
      const ids: string[] = [];
      for (let count = 0; count < 7; count += 1) ids.push((await stage.enqueue()).id);
      stage.engine({ concurrency: 3 });
      for (const id of ids) await stage.ended(id);
      expect(Math.max(...most)).toBe(3);
    });

    test('go on where a frozen one stopped, and nothing that it writes later counts', async () => {
      const frozen = new Signal();
      const thaw = new Signal();
      const over = new Signal();
      const acts: string[] = [];
      const steps = (name: string, act: (context: StepContext<unknown>) => Promise<void>) => [
        step('first', () => void acts.push(`${name}: first`)),
        {
          name: 'second',
          do: async (context: StepContext<unknown>) => {
            await act(context);
            return {
              output: name,
              commit: async () => void acts.push(`${name}: committed`),
            };
          },
        },
      ];
      stage.register({
        steps: steps('frozen', async (context) => {
          frozen.raise();
          await thaw.raised;
          await context
            .sideEffect('touch', async () => void acts.push('frozen: touched'))
            .catch((error: unknown) => acts.push(`frozen: ${(error as Error).name}`));
          context.report(50, 'still here');
          await context
            .saveCheckpoint('mine')
            .catch((error: unknown) => acts.push(`frozen checkpoint: ${(error as Error).name}`));
          over.raise();
        }),
      });
      const engine = stage.engine(FROZEN);
      const { id } = await stage.enqueue();
      await frozen.raised;
      const other = await anotherStage();
      other.register({
        steps: steps('healthy', async (context) => {
          await context.sideEffect('touch', async () => void acts.push('healthy: touched'));
          thaw.raise();
          await over.raised;
        }),
      });
      other.engine();
      expect(await other.ended(id)).toMatchObject({ status: 'SUCCEEDED', attempts: 2 });
      await engine.stop(60_000);
      expect(acts).toEqual([
        'frozen: first',
        'healthy: touched',
        'frozen: LeaseLostError',
        'frozen checkpoint: LeaseLostError',
        'healthy: committed',
      ]);
      expect(stage.ends).toEqual([]);
      expect(await stage.row(id)).toMatchObject({ crashes: 0, fence: 2 });
      await expectSoundHistory(other, id);
    }, 20_000);

    test('keep a task by their heartbeats however long a step takes', async () => {
      const other = await anotherStage();
      const leases: unknown[] = [];
      const script = {
        steps: [
          step('one', async (context) => {
            // Until the lease that it was claimed with would have run out for long.
            const first = (await stage.row(context.task.id)) as { leaseUntil: number };
            for (;;) {
              const { leaseUntil } = (await stage.row(context.task.id)) as { leaseUntil: number };
              leases.push(leaseUntil);
              if ((await stage.database.now()) > first.leaseUntil + 600) return;
              await new Promise((resolve) => setTimeout(resolve, 20));
            }
          }),
        ],
      };
      stage.register(script);
      other.register(script);
      const lease = { leaseMs: 500, heartbeatMs: 50 };
      stage.engine(lease);
      const { id } = await stage.enqueue();
      await stage.until(id, ({ kind: event }) => event === 'STEP');
      other.engine(lease);
      expect(await stage.ended(id)).toMatchObject({ status: 'SUCCEEDED', attempts: 1 });
      expect(new Set(leases).size).toBeGreaterThan(3);
    }, 20_000);

    test('take nothing again by a heartbeat that comes after the hand-back', async () => {
      stage.register({ steps: [step('one', () => undefined)] });
      const { id } = await stage.enqueue();
      const leases = new TaskLeaseStore(stage.database);
      const hold = await takenByTheDead(id);
      await leases.release(hold);
      await expect(leases.heartbeat(hold, 30_000)).rejects.toBeInstanceOf(LeaseLostError);
      expect(await stage.row(id)).toMatchObject({ leaseOwner: null, leaseUntil: null });
    });

    test('stop a task that kills in being taken back, too, and tell the operator', async () => {
      const poisoned: unknown[] = [];
      stage.register({ steps: [{ ...step('one', () => undefined), undo: async () => undefined }] });
      const { id } = await stage.enqueue();
      await stage.database.transaction(async (session) => {
        const error = { code: 'INTERNAL', message: 'It failed.', retryable: false };
        await session.update('Task', { id }, { phase: 'UNDO', error, deadlineAt: Date.now() + 60_000 });
        await session.update('TaskStep', { taskId: id }, { status: 'FAILED' });
      });
      for (let death = 1; death <= 5; death += 1) await takenByTheDead(id);
      stage.engine({ maxCrashes: 4, onPoisoned: (...what) => void poisoned.push(what) });
      expect(await stage.ended(id)).toMatchObject({
        status: 'FAILED',
        message: 'Failed, and cleaning up did not finish.',
      });
      expect(poisoned).toEqual([['START_VM', 'UNDO']]);
      expect(await stage.row(id)).toMatchObject({ errorDetail: expect.stringContaining('died 5 times') });
    });

    test('count the deaths of others, forget them when a step succeeds, and stop a task that kills', async () => {
      const undone: string[] = [];
      const register = (one: EngineStage) => {
        one.register({
          steps: [
            {
              ...step('one', () => undefined),
              undo: async () => {
                undone.push('one');
                return undefined;
              },
            },
          ],
        });
      };
      register(stage);
      const surviving = await stage.enqueue();
      for (let death = 1; death <= 3; death += 1) {
        await takenByTheDead(surviving.id);
        expect(await stage.row(surviving.id)).toMatchObject({ crashes: death - 1, leaseOwner: 'the dead' });
      }
      const killing = await stage.enqueue();
      for (let death = 1; death <= 5; death += 1) await takenByTheDead(killing.id);
      stage.engine({ maxCrashes: 4 });
      expect(await stage.ended(surviving.id)).toMatchObject({ status: 'SUCCEEDED' });
      expect(await stage.row(surviving.id)).toMatchObject({ crashes: 0 });
      expect(await stage.ended(killing.id)).toMatchObject({
        status: 'FAILED',
        error: { code: 'INTERNAL', message: 'Stopped after repeated crashes.' },
      });
      // Its step had not begun, so that there was nothing to take back.
      expect(undone).toEqual([]);
      await expectSoundHistory(stage, killing.id);
    });
  });
}
