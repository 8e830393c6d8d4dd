import { AppError, newId } from '../../src/kernel';
import { Postponement } from '../../src/tasks';
import { Signal } from '../support/test-databases';
import type { OpenDatabases, TestDatabases } from '../support/test-databases';
import { retryQuickly } from '../support/retry-quickly';
import { EngineStage, step, SYSTEM } from './engine-stage';
import { expectSoundHistory } from './history-rules';

const away = (): AppError => new AppError('UNAVAILABLE', 'The backend is away.');
const broken = (): AppError => new AppError('INVALID_ARGUMENT', 'That cannot be.');

/** One worker and what may happen to its task. */
export function describeTurns(kind: string, open: OpenDatabases): void {
  describe(`a task on ${kind}`, () => {
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

    test('runs its steps in order and hands their outputs on', async () => {
      const seen: unknown[] = [];
      stage.register({
        steps: [
          { name: 'one', do: async () => ({ output: { ip: '10.0.0.1' }, message: 'Found an address.' }) },
          step('two', (context) => void seen.push(context.output('one'), context.input, context.attempt)),
        ],
      });
      stage.engine();
      const { id } = await stage.enqueue({ input: { a: 1 } });
      const task = await stage.ended(id);
      expect(task).toMatchObject({ status: 'SUCCEEDED', progress: 100, error: null, attempts: 1 });
      expect(task.steps).toMatchObject([
        { name: 'one', status: 'SUCCEEDED', message: 'Found an address.' },
        { name: 'two', status: 'SUCCEEDED' },
      ]);
      expect(seen).toEqual([{ ip: '10.0.0.1' }, { a: 1 }, 1]);
      expect(stage.ends).toMatchObject([{ status: 'SUCCEEDED', undone: true, input: { a: 1 } }]);
      const events = await expectSoundHistory(stage, id);
      expect(events.map(({ kind }) => kind)).toEqual([
        ...['CREATED', 'STARTED', 'STEP', 'STEP', 'STEP', 'STEP', 'SUCCEEDED'],
      ]);
    });

    test('commits what a step leaves behind together with its end, or not at all', async () => {
      let tries = 0;
      stage.register({
        steps: [
          {
            name: 'one',
            do: async () => ({
              commit: async (session) => {
                await session.insert('Installation', { name: 'made', value: '' });
                tries += 1;
                if (tries === 1) throw away();
              },
            }),
          },
        ],
      });
      stage.engine();
      const { id } = await stage.enqueue();
      await stage.ended(id);
      expect(tries).toBe(2);
      expect(await stage.database.reader.count('Installation')).toBe(1);
      await expectSoundHistory(stage, id);
    });

    test('is parked after a failure that may pass, and tried again', async () => {
      const attempts: number[] = [];
      stage.register({
        steps: [
          step('one', ({ attempt }) => {
            attempts.push(attempt);
            if (attempt < 3) throw away();
          }),
        ],
      });
      stage.engine();
      const { id } = await stage.enqueue();
      const parked = await stage.until(id, ({ task }) => task.message?.startsWith('Trying again') === true);
      expect(parked.task).toMatchObject({ status: 'RUNNING', error: null });
      const task = await stage.ended(id);
      expect(attempts).toEqual([1, 2, 3]);
      expect(task).toMatchObject({ status: 'SUCCEEDED', attempts: 3 });
      expect(await stage.row(id)).toMatchObject({ crashes: 0 });
      await expectSoundHistory(stage, id);
    });

    test('is taken back in reverse order after a failure that stays', async () => {
      const undone: string[] = [];
      const undoable = (name: string, fails = false) => ({
        ...step(name, () => {
          if (fails) throw broken();
        }),
        undo: async () => {
          undone.push(name);
          return undefined;
        },
      });
      const steps = [
        undoable('one'),
        step('plain', () => undefined),
        undoable('two', true),
        undoable('never'),
      ];
      stage.register({ steps });
      stage.engine();
      const { id } = await stage.enqueue();
      const task = await stage.ended(id);
      expect(undone).toEqual(['two', 'one']);
      expect(task).toMatchObject({
        status: 'FAILED',
        error: { code: 'INVALID_ARGUMENT', message: 'That cannot be.', retryable: false },
      });
      expect(task.steps.map(({ status }) => status)).toEqual(['UNDONE', 'SUCCEEDED', 'UNDONE', 'PENDING']);
      expect(stage.ends).toMatchObject([{ status: 'FAILED', undone: true }]);
      await expectSoundHistory(stage, id);
    });

    test('fails for good after as many tries as its step has', async () => {
      let tries = 0;
      const late = step('one', () => {
        tries += 1;
        throw new AppError('DEADLINE_EXCEEDED', 'The guest does not listen.');
      });
      stage.register({ steps: [{ ...late, maxAttempts: 2 }] });
      stage.engine();
      const { id } = await stage.enqueue();
      expect(await stage.ended(id)).toMatchObject({ status: 'FAILED', error: { code: 'DEADLINE_EXCEEDED' } });
      expect(tries).toBe(2);
    });

    test('waits for a backend that is away, however few tries its step has', async () => {
      let tries = 0;
      const absent = step('one', () => {
        tries += 1;
        if (tries < 4) throw away();
      });
      stage.register({ steps: [{ ...absent, maxAttempts: 2 }] });
      stage.engine();
      const { id } = await stage.enqueue();
      expect(await stage.ended(id)).toMatchObject({ status: 'SUCCEEDED' });
      expect(tries).toBe(4);
    });

    test('waits as long for a backend that is away when it is taken back', async () => {
      let tries = 0;
      const one = {
        ...step('one', () => {
          throw broken();
        }),
        undo: async (): Promise<undefined> => {
          tries += 1;
          if (tries <= 12) throw away();
          return undefined;
        },
      };
      stage.register({ steps: [one] });
      stage.engine();
      const { id } = await stage.enqueue();
      expect(await stage.ended(id)).toMatchObject({ status: 'FAILED', steps: [{ status: 'UNDONE' }] });
      expect(tries).toBe(13);
      expect(stage.ends).toMatchObject([{ status: 'FAILED', undone: true }]);
    });

    test('masks what is not meant for the tenant, and keeps it for the operator', async () => {
      stage.register({
        steps: [
          step('one', () => {
            throw new Error('secret password');
          }),
        ],
      });
      stage.engine();
      const { id } = await stage.enqueue();
      const task = await stage.ended(id);
      expect(task.error).toEqual({
        code: 'INTERNAL',
        message: 'An internal error occurred.',
        retryable: false,
      });
      expect(JSON.stringify(await stage.history(id))).not.toContain('secret');
      expect((await stage.row(id))['errorDetail']).toContain('secret password');
    });

    test('a database that is away for a moment is no failure of the step', async () => {
      let tries = 0;
      stage.register({
        steps: [
          step('one', () => {
            tries += 1;
            // As TypeORM throws it from a read.
            if (tries === 1)
              throw Object.assign(new Error('connect'), { driverError: { code: 'ECONNREFUSED' } });
          }),
        ],
      });
      stage.engine();
      const { id } = await stage.enqueue();
      expect(await stage.ended(id)).toMatchObject({ status: 'SUCCEEDED' });
      expect(tries).toBe(2);
    });

    test('waits for others without counting tries and without keeping them out', async () => {
      const attempts: number[] = [];
      let ready = false;
      stage.register({
        steps: [
          step('one', ({ attempt }) => {
            attempts.push(attempt);
            if (!ready) throw new Postponement('Not yet.', 5);
          }),
        ],
      });
      stage.register({ operation: 'STOP_VM', steps: [step('one', () => void (ready = true))] });
      stage.engine({ concurrency: 1 });
      const waiting = await stage.enqueue();
      await stage.until(waiting.id, ({ task }) => task.message === 'Not yet.');
      const other = await stage.enqueue({ operation: 'STOP_VM' });
      expect(await stage.ended(other.id)).toMatchObject({ status: 'SUCCEEDED' });
      expect(await stage.ended(waiting.id)).toMatchObject({ status: 'SUCCEEDED' });
      expect(new Set(attempts)).toEqual(new Set([1]));
      await expectSoundHistory(stage, waiting.id);
    });

    test('whose lane is busy waits visibly, and goes on as soon as the lane is free', async () => {
      const first = new Signal();
      const order: unknown[] = [];
      stage.register({
        steps: [
          step('one', async ({ input }) => {
            if (input === 1) await first.raised;
            order.push(input);
          }),
        ],
      });
      stage.engine({ pollMs: 60_000 });
      const targetId = newId('vm');
      const ids: string[] = [];
      for (const input of [1, 2, 3]) ids.push((await stage.enqueue({ input, targetId })).id);
      const other = await stage.enqueue({ input: 'other' });
      await stage.ended(other.id);
      const lanes = await stage.tasks.openInLanes(stage.database.reader, SYSTEM, [targetId]);
      expect(lanes.get(targetId)?.map(({ id, status }) => [id, status])).toEqual([
        [ids[0], 'RUNNING'],
        [ids[1], 'QUEUED'],
        [ids[2], 'QUEUED'],
      ]);
      await stage.service.cancel(SYSTEM, ids[1]!);
      first.raise();
      await stage.ended(ids[2]!);
      expect(order).toEqual(['other', 1, 3]);
    });

    test('reports progress that never falls and never says 100 before the end', async () => {
      stage.register({
        steps: [
          step('one', async (context) => {
            for (const percent of [10, 200, -5, 50]) context.report(percent, `at ${String(percent)}`);
            await new Promise((resolve) => setTimeout(resolve, 250));
            context.report(100, 'nearly');
          }),
          step('two', () => undefined),
        ],
      });
      stage.engine();
      const { id } = await stage.enqueue();
      await stage.ended(id);
      const events = await expectSoundHistory(stage, id);
      expect(events.some(({ kind }) => kind === 'PROGRESS')).toBe(true);
    });
  });
}
