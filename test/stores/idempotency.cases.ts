import { createHash } from 'node:crypto';
import { openDatabase } from '../../src/database';
import type { Database, DatabaseConfig } from '../../src/database';
import { idempotentRequest, IdempotencyStore } from '../../src/idempotency';
import type { Work } from '../../src/idempotency';
import type { IdempotencyRow } from '../../src/idempotency/idempotency.table';
import { AppError } from '../../src/kernel';
import { TABLES } from '../../src/gateway/tables';
import type { OpenDatabases, TestDatabases } from '../support/test-databases';

/** Of the installation. */
const KEY = Buffer.alloc(32, 5);

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
      config = await databases.fresh();
      database = await openDatabase(config, TABLES);
      store = new IdempotencyStore(database, KEY);
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

    test.each(['', 'a b', 'ä', 'x'.repeat(129), 'a\n'])('the key %j is refused', (idempotencyKey) => {
      const refused = expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        details: { field: 'input.idempotencyKey' },
      });
      expect(() => idempotentRequest('createVm', 'ten_1', { idempotencyKey })).toThrow(refused);
    });

    test('what is done for no tenant has an owner that is no tenant', () => {
      const { owner, input } = idempotentRequest('createTenant', null, { slug: 'a', idempotencyKey: 'k' });
      expect([owner, input]).toEqual(['administrator', { slug: 'a', tenantId: null }]);
    });

    /** SHA-256 of the request's input: what the first gateways stored, and what anybody can guess against. */
    const PLAIN = createHash('sha256').update('{"name":"a","size":{"b":1,"c":[1]}}').digest('hex');

    const hashOf = async (owner: string) => {
      const row = await database.reader.findOneByOrFail<IdempotencyRow>('Idempotency', { owner });
      return row.inputHash;
    };

    test('an input is kept as a hash that only the installation’s key can be tried against', async () => {
      await store.once(request, work);
      const elsewhere = new IdempotencyStore(database, Buffer.alloc(32, 6));
      await elsewhere.once({ ...request, owner: 'ten_2' }, work);
      const hashes = [await hashOf('ten_1'), await hashOf('ten_2')];
      for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{64}$/);
      expect(new Set([...hashes, PLAIN]).size).toBe(3);
    });

    test('an answer that is remembered under a plain hash is still given, and only for its input', async () => {
      const first = await store.once(request, work);
      await database.transaction((session) =>
        session.update('Idempotency', { owner: request.owner }, { inputHash: PLAIN }),
      );
      expect(await store.once(request, work)).toEqual(first);
      await expect(store.once({ ...request, input: { name: 'b' } }, work)).rejects.toMatchObject({
        details: { reason: 'IDEMPOTENCY_KEY_REUSED' },
      });
    });

    test('is asked before anything is prepared, and again when that fails', async () => {
      const away = new AppError('UNAVAILABLE', 'The backend is away.');
      const fail = (): Promise<Work<{ id: string }>> => Promise.reject(away);
      await expect(store.oncePrepared(request, fail)).rejects.toBe(away);
      // The other one is done while this one is being prepared.
      const overtaken = store.oncePrepared(request, async () => {
        await store.once(request, work);
        return fail();
      });
      expect(await overtaken).toEqual({ id: 'vm-1' });
      expect(await store.oncePrepared(request, fail)).toEqual({ id: 'vm-1' });
      expect(await store.oncePrepared({ ...request, key: 'other' }, async () => work)).toEqual({
        id: 'vm-2',
      });
    });

    test('whoever comes second waits, and never judges what the first has changed', async () => {
      const other = await openDatabase(config, TABLES);
      const stores = [store, new IdempotencyStore(other, KEY)];
      await database.transaction((session) =>
        session.insert('Installation', { name: 'state', value: 'OPEN' }),
      );
      const close: Work<{ closed: boolean }> = async (session) => {
        const { affected } = await session.update(
          'Installation',
          { name: 'state', value: 'OPEN' },
          { value: 'CLOSED' },
        );
        if (affected !== 1) throw new AppError('FAILED_PRECONDITION', 'It is closed.');
        return { closed: true };
      };
      const all = Array.from({ length: 20 }, (_, index) => stores[index % 2]!.once(request, close));
      expect(await Promise.all(all)).toEqual(all.map(() => ({ closed: true })));
      await other.close();
    }, 60_000);

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
      const stores = [store, new IdempotencyStore(other, KEY)];
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
