import { AppError } from '../../src/kernel';
import { Signal } from '../support/test-databases';
import type { OpenDatabases, TestDatabases } from '../support/test-databases';
import { retryQuickly } from '../support/retry-quickly';
import { EngineStage, step, SYSTEM } from './engine-stage';
import { expectSoundHistory } from './history-rules';

const away = (): AppError => new AppError('UNAVAILABLE', 'The backend is away.');
const broken = (): AppError => new AppError('INVALID_ARGUMENT', 'That cannot be.');

/** Whoever asks to cancel gets it at once, at the next step, or a clear no. */
export function describeCancellation(kind: string, open: OpenDatabases): void {
  describe(`a task that is cancelled on ${kind}`, () => {
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

    test('is cancelled at once while it is queued', async () => {
      stage.register({ steps: [step('one', () => undefined)] });
      const { id } = await stage.enqueue();
      await stage.service.cancel(SYSTEM, id);
      const task = await stage.ended(id);
      expect(task).toMatchObject({ status: 'CANCELLED', startedAt: null, error: { code: 'CANCELLED' } });
      expect(stage.ends).toMatchObject([{ status: 'CANCELLED', undone: true }]);
      stage.engine();
      const later = await stage.enqueue();
      await stage.ended(later.id);
      expect((await stage.ended(id)).steps).toMatchObject([{ status: 'PENDING' }]);
      await expect(stage.service.cancel(SYSTEM, id)).rejects.toMatchObject({ code: 'FAILED_PRECONDITION' });
    });

    test('is cancelled at its next step while it runs, and taken back', async () => {
      const running = new Signal();
      const goOn = new Signal();
      const done: string[] = [];
      stage.register({
        steps: [
          {
            name: 'one',
            do: async () => {
              running.raise();
              await goOn.raised;
              return undefined;
            },
            undo: async () => {
              done.push('undo one');
              return undefined;
            },
          },
          step('two', () => void done.push('two')),
        ],
      });
      stage.engine();
      const { id } = await stage.enqueue();
      await running.raised;
      const asked = await stage.service.cancel(SYSTEM, id);
      expect(asked).toMatchObject({ status: 'RUNNING', cancelRequestedAt: expect.any(Number) });
      goOn.raise();
      expect(await stage.ended(id)).toMatchObject({ status: 'CANCELLED', error: { code: 'CANCELLED' } });
      expect(done).toEqual(['undo one']);
      await expectSoundHistory(stage, id);
    });

    test('is cancelled while it waits for another try, at once', async () => {
      stage.register({
        steps: [
          { ...step('one', () => undefined), undo: async () => undefined },
          step('two', () => {
            throw away();
          }),
        ],
      });
      const engine = stage.engine();
      const { id } = await stage.enqueue();
      await stage.until(id, ({ task }) => task.message?.startsWith('Trying again') === true);
      await engine.stop(0);
      await stage.database.transaction((session) =>
        session.update('Task', { id }, { availableAt: Date.now() + 3_600_000 }),
      );
      await stage.service.cancel(SYSTEM, id);
      stage.engine();
      expect(await stage.ended(id)).toMatchObject({ status: 'CANCELLED' });
    });

    test('is never cancelled where its workflow forbids it, nor while it is taken back', async () => {
      const running = new Signal();
      const undoing = new Signal();
      const goOn = new Signal();
      stage.register({
        cancellableWhileRunning: false,
        steps: [
          {
            name: 'one',
            do: async () => {
              running.raise();
              await goOn.raised;
              throw broken();
            },
            undo: async () => {
              undoing.raise();
              await stage.service.cancel(SYSTEM, id).catch((error: AppError) => refusals.push(error.code));
              return undefined;
            },
          },
        ],
      });
      const refusals: string[] = [];
      stage.engine();
      const { id } = await stage.enqueue();
      await running.raised;
      await stage.service.cancel(SYSTEM, id).catch((error: AppError) => refusals.push(error.code));
      goOn.raise();
      expect(await stage.ended(id)).toMatchObject({ status: 'FAILED' });
      expect(refusals).toEqual(['FAILED_PRECONDITION', 'FAILED_PRECONDITION']);
    });

    test('a provider that cancels by itself makes it fail, not cancelled', async () => {
      stage.register({
        steps: [
          step('one', () => {
            throw new AppError('CANCELLED', 'Cancelled on the host.');
          }),
        ],
      });
      stage.engine();
      const { id } = await stage.enqueue();
      expect(await stage.ended(id)).toMatchObject({ status: 'FAILED', error: { code: 'CANCELLED' } });
    });
  });
}
