import { createTenancy, registerTemplate, succeeded } from '../support/api/requests';
import type { Tenancy } from '../support/api/requests';
import { TestGateway } from '../support/api/test-gateway';
import type { OpenDatabases, TestDatabases } from '../support/test-databases';

const TIMES = 100;
/** Ends what hangs; a hundred requests at once take long on a machine that is busy. */
const PATIENCE_MS = 180_000;

/** The promise of idempotency keys, kept by all gateways of an installation together. */
export function describeSameKey(kind: string, open: OpenDatabases, replicas: number): void {
  describe(`one key, ${String(TIMES)} times at once, over ${String(replicas)} on ${kind}`, () => {
    let databases: TestDatabases;
    let first: TestGateway;
    const gateways: TestGateway[] = [];
    let acme: Tenancy;
    let templateId: string;

    beforeAll(async () => {
      databases = await open();
      const database = await databases.fresh();
      first = await TestGateway.start({ database });
      gateways.push(first);
      while (gateways.length < replicas) {
        gateways.push(await TestGateway.start({ database, replicaOf: first }));
      }
      acme = await createTenancy(first.admin, 'acme');
      templateId = await registerTemplate(first.admin, { name: 'tiny' });
    }, 60_000);

    afterAll(async () => {
      for (const gateway of gateways.reverse()) await gateway.close();
      await databases.close();
    }, 60_000);

    /** The answers to one input, sent to the gateways in turn. */
    const ask = (mutation: string, input: object, selection: string) => {
      const { token } = acme.owner;
      const callers = gateways.map(({ admin }) => admin.as(token));
      return Promise.all(
        Array.from({ length: TIMES }, (_, index) =>
          callers[index % callers.length]!.mutate(mutation, input, selection),
        ),
      );
    };

    const tasksOf = async (targetId: string) => {
      const query = 'query ($id: ID!) { tasks(filter: { targetId: $id }) { nodes { id operation } } }';
      return (await acme.viewer.data(query, { id: targetId })).tasks.nodes;
    };

    const sameAnswer = <T>(answers: readonly T[]): T => {
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
      return answers[0]!;
    };

    it(
      'makes one VM by one task',
      async () => {
        const input = { name: 'wanted', templateId, backend: 'lab', idempotencyKey: 'make' };
        const { vm, task } = sameAnswer(await ask('createVm', input, 'vm { id } task { id }'));
        await succeeded(acme.viewer, task.id);
        expect(await tasksOf(vm.id)).toEqual([{ id: task.id, operation: 'CREATE_VM' }]);
        expect(first.backend().vms()).toHaveLength(1);
      },
      PATIENCE_MS,
    );

    it(
      'restarts it by one task',
      async () => {
        const { vms } = await acme.viewer.data('{ vms { nodes { id } } }');
        const { id } = vms.nodes[0];
        const input = { id, idempotencyKey: 'restart' };
        const { task } = sameAnswer(await ask('rebootVm', input, 'task { id }'));
        await succeeded(acme.viewer, task.id);
        expect(await tasksOf(id)).toHaveLength(2);
      },
      PATIENCE_MS,
    );

    it(
      'makes one token with one secret',
      async () => {
        const input = { name: 'wanted', role: 'VIEWER', idempotencyKey: 'token' };
        const { secret } = sameAnswer(await ask('createApiToken', input, 'token { id } secret'));
        for (const { admin } of gateways) {
          const { viewer } = await admin.as(secret).data('{ viewer { role } }');
          expect(viewer.role).toBe('VIEWER');
        }
      },
      PATIENCE_MS,
    );
  });
}
