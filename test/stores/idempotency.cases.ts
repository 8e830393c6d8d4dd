import { openDatabase } from '../../src/database';
import type { Database, DatabaseConfig } from '../../src/database';
import { IdempotencyStore } from '../../src/idempotency';
import { TABLES } from '../../src/tables';
import type { OpenDatabases, TestDatabases } from '../support/test-databases';

const request = {
  owner: 'ten_1',
  key: 'key',
  mutation: 'createVm',
  input: { name: 'a', size: { b: 1, c: [1] } },
};

/** The rule of EC2's client tokens. */
export function describeIdempotency(kind: string, open: OpenDatabases): void {
  describe(`idempotency keys on ${kind}`, () => {
    let databases: TestDatabases;
    let config: DatabaseConfig;
    let database: Database;
    let store: IdempotencyStore;
    let executions: number;

    const work = async (): Promise<{ id: string }> => {
      executions += 1;
      return { id: `vm-${String(executions)}` };
    };

    beforeAll(async () => {
      databases = await open();
    });

    beforeEach(async () => {
      config = await databases.empty();
      database = await openDatabase(config, TABLES);
      store = new IdempotencyStore(database);
      executions = 0;
    });

    afterEach(async () => {
      await database.close();
    });

    afterAll(async () => {
      await databases.close();
    });

    test('the same key and input answer the same, however the input is written', async () => {
      const first = await store.once(request, work);
      const again = { ...request, input: { size: { c: [1], b: 1 }, extra: null, name: 'a' } };
      expect(await store.once(again, work)).toEqual(first);
      expect(executions).toBe(1);
    });

    test.each([
      ['another value', { input: { ...request.input, name: 'b' } }],
      ['another order of a list', { input: { ...request.input, size: { b: 1, c: [1, 2] } } }],
      ['another mutation', { mutation: 'createNetwork' }],
    ])('the same key with %s is refused', async (_what, changed) => {
      await store.once(request, work);
      await expect(store.once({ ...request, ...changed }, work)).rejects.toMatchObject({
        code: 'ALREADY_EXISTS',
        details: { reason: 'IDEMPOTENCY_KEY_REUSED' },
      });
      expect(executions).toBe(1);
    });

    test('two tenants may use the same key, and without a key everything is done', async () => {
      await store.once(request, work);
      await store.once({ ...request, owner: 'ten_2' }, work);
      await store.once({ ...request, key: null }, work);
      await store.once({ ...request, key: null }, work);
      expect(executions).toBe(4);
    });

    test.each(['', 'a b', 'ä', 'x'.repeat(129), 'a\n'])('the key %j is refused', async (key) => {
      await expect(store.once({ ...request, key }, work)).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        details: { field: 'input.idempotencyKey' },
      });
    });

    test('keys differ by upper and lower case', async () => {
      await store.once({ ...request, key: 'Key' }, work);
      await store.once({ ...request, key: 'key' }, work);
      expect(executions).toBe(2);
    });

    test('what failed is not remembered', async () => {
      const failing = store.once(request, async () => {
        throw new Error('no');
      });
      await expect(failing).rejects.toThrow('no');
      expect(await store.once(request, work)).toEqual({ id: 'vm-1' });
    });

    test('fifty at once, on two gateways, are done once', async () => {
      const other = await openDatabase(config, TABLES);
      const stores = [store, new IdempotencyStore(other)];
      // Each execution leaves a row; only what was committed counts.
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          stores[index % 2]!.once(request, async (session) => {
            const name = `made-by-${String(index)}`;
            await session.insert('Installation', { name, value: '' });
            return { name };
          }),
        ),
      );
      expect(new Set(answers.map(({ name }) => name)).size).toBe(1);
      expect(await database.reader.find('Installation')).toEqual([{ name: answers[0]!.name, value: '' }]);
      await other.close();
    }, 60_000);

    test('are forgotten after a day, and not before', async () => {
      const minute = 60_000;
      const age = (ms: number) =>
        database.transaction(async (session) => {
          const createdAt = (await database.now(session)) - ms;
          await session.update('Idempotency', { owner: request.owner }, { createdAt });
        });
      await store.once(request, work);
      await age(24 * 60 * minute - minute);
      await database.transaction((session) => store.prune(session));
      expect(await store.once(request, work)).toEqual({ id: 'vm-1' });
      await age(24 * 60 * minute + minute);
      expect(await store.once({ ...request, input: {} }, work)).toEqual({ id: 'vm-2' });
      await age(24 * 60 * minute + minute);
      await database.transaction((session) => store.prune(session));
      expect(await database.reader.count('Idempotency')).toBe(0);
    });
  });
}
