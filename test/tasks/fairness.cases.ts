import { SelectQueryBuilder } from 'typeorm';
import { heldBackError, newId } from '../../src/kernel';
import type { BackendLimit } from '../../src/tasks/turn-plan';
import { Signal } from '../support/test-databases';
import type { OpenDatabases, TestDatabases } from '../support/test-databases';
import { until } from '../support/until';
import { EngineStage, step } from './engine-stage';
import { expectSoundHistory } from './history-rules';

const FREE: BackendLimit = { everywhere: Infinity, here: Infinity, isHeldBack: false };

/** How many rows MariaDB expects to read; it writes `5 (0%)` where it filters. */
const rowsOf = (line: Record<string, unknown>): number => Number.parseInt(line['rows'] as string, 10) || 0;

/** Nobody is kept waiting by what others have asked for, or by what their backends do not answer. */
export function describeFairness(kind: string, open: OpenDatabases): void {
  describe(`turns on ${kind}`, () => {
    let databases: TestDatabases;
    let stage: EngineStage;
    let others: EngineStage[];

    beforeAll(async () => {
      databases = await open();
    });

    beforeEach(async () => {
      stage = await EngineStage.open(await databases.fresh());
      others = [];
    });

    afterEach(async () => {
      jest.restoreAllMocks();
      await Promise.all(others.map((other) => other.close()));
      await stage.close();
    });

    afterAll(async () => {
      await databases.close();
    });

    test('300 tasks of one tenant do not delay the one of another', async () => {
      const order: unknown[] = [];
      const enough = new Signal();
      stage.register({
        steps: [
          step('one', ({ input }) => {
            order.push(input);
            if (order.length === 6) enough.raise();
          }),
        ],
      });
      for (let count = 0; count < 300; count += 1)
        await stage.enqueue({ input: 'many', tenantId: 'ten_many' });
      await stage.enqueue({ input: 'few', tenantId: 'ten_few' });
      await stage.enqueue({ input: 'few', tenantId: 'ten_few' });
      await stage.enqueue({ input: 'nobody’s' });
      stage.engine({ concurrency: 1 });
      await enough.raised;
      expect(order.slice(0, 6).sort()).toEqual(['few', 'few', 'many', 'many', 'many', 'nobody’s'].sort());
    }, 60_000);

    test('a backend that hangs does not take the places of the others', async () => {
      const goOn = new Signal();
      const hanging: string[] = [];
      stage.register({
        steps: [
          step('one', async ({ input, task }) => {
            if (input !== 'hangs') return;
            hanging.push(task.id);
            await goOn.raised;
          }),
        ],
      });
      const limitOf = (): BackendLimit => ({ ...FREE, here: 6 });
      const stuck: string[] = [];
      for (let count = 0; count < 12; count += 1) {
        stuck.push((await stage.enqueue({ input: 'hangs', backendId: 'bck_1' })).id);
      }
      stage.engine({ concurrency: 8, limitOf });
      await until(async () => hanging.length === 6);
      const ids: string[] = [];
      for (let count = 0; count < 12; count += 1) {
        ids.push((await stage.enqueue({ input: 'works', backendId: `bck_${String(2 + (count % 3))}` })).id);
      }
      for (const id of ids) expect(await stage.ended(id)).toMatchObject({ status: 'SUCCEEDED' });
      expect(hanging).toHaveLength(6);
      goOn.raise();
      for (const id of stuck) expect(await stage.ended(id)).toMatchObject({ status: 'SUCCEEDED' });
    }, 60_000);

    test('all workers together keep to what a backend may have', async () => {
      const config = await databases.fresh();
      const stages = [await EngineStage.open(config), await EngineStage.open(config)];
      others.push(...stages);
      let running = 0;
      let most = 0;
      const script = {
        steps: [
          step('one', async () => {
            running += 1;
            most = Math.max(most, running);
            await new Promise((resolve) => setTimeout(resolve, 20));
            running -= 1;
          }),
        ],
      };
      for (const one of stages) one.register(script);
      const ids: string[] = [];
      for (let count = 0; count < 24; count += 1) {
        ids.push((await stages[0]!.enqueue({ backendId: 'bck_1' })).id);
      }
      const limitOf = (): BackendLimit => ({ ...FREE, everywhere: 3 });
      for (const one of stages) one.engine({ concurrency: 8, limitOf });
      for (const id of ids) await stages[0]!.ended(id);
      // Two that claim in the very same moment do not see each other on a database that lets both go on.
      expect(most).toBeLessThanOrEqual(kind === 'SQLite' ? 3 : 4);
      expect(most).toBeGreaterThan(1);
    }, 60_000);

    test('nothing is begun on a backend that is held back, until it no longer is', async () => {
      const done: unknown[] = [];
      stage.register({ steps: [step('one', ({ input }) => void done.push(input))] });
      let isHeldBack = true;
      const limitOf = (backendId: string): BackendLimit =>
        backendId === 'bck_away' ? { ...FREE, isHeldBack } : FREE;
      const engine = stage.engine({ limitOf });
      const waiting = await stage.enqueue({ input: 'away', backendId: 'bck_away' });
      const other = await stage.enqueue({ input: 'there', backendId: 'bck_there' });
      await stage.ended(other.id);
      expect(await stage.row(waiting.id)).toMatchObject({ status: 'QUEUED', attempts: 0 });
      isHeldBack = false;
      engine.wake();
      await stage.ended(waiting.id);
      expect(done).toEqual(['there', 'away']);
    });

    test('what waited too long for its turn is given up, although its backend is held back', async () => {
      stage.register({ steps: [step('one', () => undefined)] });
      const { id } = await stage.enqueue({ backendId: 'bck_away' });
      stage.engine({ queueMs: 50, limitOf: () => ({ ...FREE, isHeldBack: true }) });
      const task = await stage.ended(id);
      expect(task).toMatchObject({ status: 'FAILED', error: { code: 'DEADLINE_EXCEEDED' } });
      expect(task.steps).toMatchObject([{ status: 'PENDING' }]);
    });

    test('a task that meets an open circuit is put down without having tried', async () => {
      const attempts: number[] = [];
      stage.register({
        steps: [
          {
            name: 'one',
            maxAttempts: 1,
            do: async ({ attempt, sideEffect }) => {
              attempts.push(attempt);
              if (attempts.length <= 3) await sideEffect('touch', () => Promise.reject(heldBackError(1)));
              return undefined;
            },
          },
        ],
      });
      jest.spyOn(Math, 'random').mockReturnValue(0);
      stage.engine();
      const { id } = await stage.enqueue();
      expect(await stage.ended(id)).toMatchObject({ status: 'SUCCEEDED' });
      expect(attempts).toEqual([1, 1, 1, 1]);
      await expectSoundHistory(stage, id);
    });

    test('a step that acted before it met an open circuit has tried: it must look for what it made', async () => {
      const attempts: number[] = [];
      stage.register({
        steps: [
          step('one', async ({ attempt, sideEffect }) => {
            attempts.push(attempt);
            if (attempts.length > 1) return;
            await sideEffect('touch', () => Promise.resolve());
            throw heldBackError(1);
          }),
        ],
      });
      jest.spyOn(Math, 'random').mockReturnValue(0);
      stage.engine();
      const { id } = await stage.enqueue();
      expect(await stage.ended(id)).toMatchObject({ status: 'SUCCEEDED' });
      expect(attempts).toEqual([1, 2]);
    });

    test('looking for tasks goes by indices that hold no ended one', async () => {
      await fill(100_000);
      const plans = await plansOfALook();
      expect(plans).toHaveLength(3);
      for (const plan of plans) {
        expect(plan.keys.filter((key) => !/task_(turn|held|lane)/.test(key))).toEqual([]);
        expect(plan.rows).toBeLessThan(1_000);
      }
    }, 60_000);

    /** Tasks that have ended, and a few that have not. */
    async function fill(ended: number): Promise<void> {
      const now = await stage.database.now();
      const columns =
        'id, tenant_id, operation, target_id, actor, status, phase, progress, attempts, cancellable_while_running,' +
        ' created_at, input, lane, lane_position, open, available_at, fence, crashes, last_sequence';
      const row = (n: number): string =>
        `('${newId('task')}','t${String(n % 7)}','START_VM','v','a','SUCCEEDED','DO',100,1,0,${String(now)},'{}','l${String(n)}',1,NULL,${String(now)},1,0,1)`;
      for (let from = 0; from < ended; from += 5_000) {
        const rows = Array.from({ length: 5_000 }, (_, index) => row(from + index)).join(',');
        await stage.database.transaction((session) =>
          session.query(`INSERT INTO task (${columns}) VALUES ${rows}`),
        );
      }
      stage.register({ steps: [step('one', () => undefined)] });
      for (let count = 0; count < 5; count += 1) await stage.enqueue({ tenantId: 't1', backendId: 'bck_1' });
      await stage.database.transaction(async (session) => {
        if (session.connection.options.type === 'mysql') await session.query('ANALYZE TABLE task');
        else await session.query('ANALYZE');
      });
    }

    /** How the database answers what a worker asks when it looks for one task. */
    async function plansOfALook(): Promise<{ keys: string[]; rows: number }[]> {
      const asked: [string, unknown[]][] = [];
      const getRawMany = SelectQueryBuilder.prototype.getRawMany;
      jest.spyOn(SelectQueryBuilder.prototype, 'getRawMany').mockImplementation(function (
        this: SelectQueryBuilder<object>,
      ) {
        const [sql, parameters] = this.getQueryAndParameters();
        if (sql.includes('task')) asked.push([sql, parameters]);
        return getRawMany.call(this);
      });
      const { id } = await stage.enqueue({ tenantId: 't2' });
      stage.engine({ concurrency: 1 });
      await stage.ended(id);
      const plans = [];
      for (const [sql, parameters] of asked.slice(0, 3)) {
        const mysql = kind !== 'SQLite';
        const lines = await stage.database.reader.query<Record<string, unknown>[]>(
          `${mysql ? 'EXPLAIN' : 'EXPLAIN QUERY PLAN'} ${sql}`,
          parameters,
        );
        const keys = lines.map((line) => String(mysql ? (line['key'] ?? 'task_lane') : line['detail']));
        const rows = mysql ? lines.reduce((sum, line) => sum + rowsOf(line), 0) : 0;
        plans.push({ keys: keys.filter((key) => mysql || key.includes('task')), rows });
      }
      return plans;
    }
  });
}
