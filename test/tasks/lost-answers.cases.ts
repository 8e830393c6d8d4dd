import { AppError } from '../../src/kernel';
import { TaskJournal } from '../../src/tasks/task-journal';
import { TaskLeaseStore } from '../../src/tasks/task-lease.store';
import type { OpenDatabases, TestDatabases } from '../support/test-databases';
import { EngineStage, step } from './engine-stage';

/** A commit may be done and its answer lost: the worker then knows less than the database. */
export function describeLostAnswers(kind: string, open: OpenDatabases): void {
  describe(`a commit whose answer is lost on ${kind}`, () => {
    let databases: TestDatabases;
    let stage: EngineStage;

    beforeAll(async () => {
      databases = await open();
    });

    beforeEach(async () => {
      stage = await EngineStage.open(await databases.fresh());
    });

    afterEach(async () => {
      await stage.close();
    });

    afterAll(async () => {
      await databases.close();
    });

    /** The journal of a worker that has claimed the task; made again it knows what it knew then. */
    async function claimed(id: string): Promise<() => TaskJournal> {
      const leases = new TaskLeaseStore(stage.database);
      const row = await stage.database.transaction((session) =>
        leases.claim(session, { id, fence: 0 }, 'worker', 60_000),
      );
      if (!row) throw new Error('The task cannot be claimed.');
      const steps = await leases.stepRows(stage.database.reader, id);
      const workflow = stage.workflows.get(row.operation);
      const hold = { taskId: id, fence: row.fence };
      const options = { database: stage.database, tasks: stage.tasks, leases, workflow, hold };
      return () =>
        new TaskJournal(
          options,
          { ...row },
          steps.map((one) => ({ ...one })),
        );
    }

    test('does not have the worker write over what it began with that commit', async () => {
      const undo = (): Promise<undefined> => Promise.resolve(undefined);
      const steps = ['one', 'two', 'three'].map((name) => ({ ...step(name, () => undefined), undo }));
      stage.register({ steps });
      const { id } = await stage.enqueue();
      const journal = await claimed(id);
      const [answered, unanswered] = [journal(), journal()];
      expect(await answered.started(0)).toBe(true);
      expect(await answered.stepFinished(0, 'SUCCEEDED', undefined, 1)).toBe(true);
      await unanswered.turnedBack(new AppError('DEADLINE_EXCEEDED', 'Too late.'), null);
      const statuses = (await stage.tasks.stepsOf(stage.database.reader, [id])).get(id);
      expect(statuses?.map(({ status }) => status)).toEqual(['SUCCEEDED', 'FAILED', 'PENDING']);
      expect([0, 1, 2].map((position) => unanswered.step(position).status)).toEqual([
        ...['SUCCEEDED', 'FAILED', 'PENDING'],
      ]);
    });
  });
}
