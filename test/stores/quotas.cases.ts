import { createDataSource } from '../../src/database';
import type { Session } from '../../src/database';
import { amountsOf } from '../../src/allocations';
import type { Drift } from '../../src/allocations';
import { AppError } from '../../src/kernel';
import { TABLES } from '../../src/gateway/tables';
import type { OpenDatabases } from '../support/test-databases';
import { until } from '../support/until';
import { ADMIN, WorkflowStage } from '../workflows/stage';

/** The sizes with which the stage asks for its VMs. */
const ONE_VM = { vms: 1, cpuCount: 1, memoryMib: 512, storageGib: 2 };

/** Nobody takes more than the limit, however many ask at once, and the ledger says what is so. */
export function describeQuotas(kind: string, open: OpenDatabases): void {
  describe(`quotas on ${kind}`, () => {
    let stage: WorkflowStage;

    beforeEach(async () => {
      stage = await WorkflowStage.open({ openDatabases: open, observe: false });
    }, 30_000);

    afterEach(async () => {
      await stage.close();
    });

    const limit = (limits: object) =>
      stage.nouns.services.quotas.set(ADMIN, { tenantId: stage.tenantId, backend: 'demo', limits });

    async function quota() {
      const { quotas } = stage.nouns.stores;
      const [own] = await quotas.ofTenants(stage.database.reader, ADMIN, [stage.tenantId]);
      if (!own) throw new Error('Nothing is recorded of the tenant.');
      return own;
    }

    const recount = (): Promise<Drift[]> => stage.nouns.services.recount.run();

    test('of 200 creations at once exactly 10 fit into a limit of 10', async () => {
      await limit({ vms: 10 });
      const asked = await Promise.allSettled(
        Array.from({ length: 200 }, (_, index) => stage.createVm([], `vm-${String(index)}`)),
      );
      const refused = asked.flatMap((one) => (one.status === 'rejected' ? [one.reason as AppError] : []));
      expect(refused).toHaveLength(190);
      for (const error of refused) {
        expect(error).toMatchObject({
          code: 'RESOURCE_EXHAUSTED',
          details: { field: 'input', limits: [{ limit: 'vms', capacity: 10, held: 10, requested: 1 }] },
        });
      }
      for (const table of ['Vm', 'Task', 'Reservation']) {
        expect([table, await stage.database.reader.count(table)]).toEqual([table, 10]);
      }
      expect((await quota()).held).toEqual(
        amountsOf({ vms: 10, cpuCount: 10, memoryMib: 5120, storageGib: 20 }),
      );
      expect(await recount()).toEqual([]);
    }, 120_000);

    test('the first of many at once makes the one quota that all of them count in', async () => {
      const names = Array.from({ length: 12 }, (_, index) => `vm-${String(index)}`);
      await Promise.all(names.map((name) => stage.createVm([], name)));
      expect(await stage.database.reader.count('Quota')).toBe(1);
      expect((await quota()).held).toMatchObject({ vms: 12, cpuCount: 12 });
      expect(await recount()).toEqual([]);
    }, 60_000);

    test('whoever comes by a quota that has changed since does not write over it', async () => {
      await limit({});
      const { quotas } = stage.nouns.stores;
      const key = await quota();
      const seen = await stage.database.transaction((session) => quotas.lock(session, key));
      await limit({ vms: 3 });
      const late = stage.database.transaction((session) =>
        quotas.write(session, seen, { used: amountsOf({ vms: 1 }) }),
      );
      await expect(late).rejects.toThrow('changed under its lock');
      expect(await quota()).toMatchObject({ limits: { vms: 3 }, used: { vms: 0 } });
    });

    test('a recount finds and mends what is wrong, and nothing where nothing is', async () => {
      stage.engine();
      const vmId = await stage.runningVm();
      expect(await recount()).toEqual([]);
      const right = await quota();
      expect(right.used).toEqual(amountsOf(ONE_VM));
      const { tenantId, backendId } = right;
      const alien = { holderId: 'tsk_of_nobody', objectId: 'vm_of_nobody', tenantId, backendId };
      const mistakes: readonly (readonly [(session: Session) => Promise<unknown>, readonly string[]])[] = [
        [(session) => session.delete('Reservation', { holderId: vmId }), [vmId]],
        [(session) => session.update('Reservation', { holderId: vmId }, { cpuCount: 7 }), [vmId]],
        [(session) => session.update('Reservation', { holderId: vmId }, { state: 'HELD' }), [vmId]],
        [(session) => session.query('UPDATE quota SET held_networks = 3'), ['held']],
        [
          (session) => session.insert('Reservation', { ...alien, state: 'HELD', ...amountsOf(ONE_VM) }),
          ['tsk_of_nobody'],
        ],
        [(session) => session.query('DELETE FROM quota'), ['used']],
      ];
      for (const [mistake, found] of mistakes) {
        await stage.database.transaction(mistake);
        expect((await recount()).map(({ of }) => of)).toEqual(found);
        expect(await recount()).toEqual([]);
        expect(await quota()).toEqual({ ...right, revision: expect.any(Number) });
      }
    });

    test('what was there before there were quotas is counted from the start', async () => {
      const engine = stage.engine();
      const [used, shrinking] = [await stage.runningVm(), (await stage.createVm([], 'resized')).vmId];
      const { networkId } = await stage.createNetwork();
      await settled();
      stage.backend.failNext('startVm', new AppError('PERMISSION_DENIED', 'No.'));
      await stage.ended((await stage.createVm([], 'taken-back')).taskId);
      await engine.stop(0);
      await stage.createVm([networkId], 'queued');
      const { vmOperations } = stage.nouns.services;
      const size = { cpuCount: 4, memoryMib: null, diskGib: null, allowRestart: true };
      await vmOperations.resize(ADMIN, { id: shrinking, ...size });
      await stage.createNetwork('queued', '10.2.0.0/24');
      const before = await quota();
      const reservations = () => stage.database.reader.find('Reservation', { order: { holderId: 'ASC' } });
      const lines = await reservations();
      expect([used, networkId, shrinking].every((id) => lines.some(({ holderId }) => holderId === id))).toBe(
        true,
      );
      const source = await createDataSource(stage.config, TABLES).initialize();
      const since = source.migrations.findIndex(({ name }) => name?.startsWith('Quota'));
      for (const _later of source.migrations.slice(since)) {
        await source.undoLastMigration({ transaction: 'none' });
      }
      await source.runMigrations({ transaction: 'none' });
      await source.destroy();
      expect(await reservations()).toEqual(lines);
      expect(await quota()).toEqual({ ...before, revision: 0 });
      expect(before).toMatchObject({
        used: { vms: 2, cpuCount: 2, memoryMib: 1024, storageGib: 4, networks: 1 },
        held: { vms: 1, cpuCount: 4, memoryMib: 512, storageGib: 2, networks: 1 },
      });
      expect(await recount()).toEqual([]);
    }, 60_000);

    async function settled(): Promise<void> {
      await until(
        () => stage.database.reader.count('Task', { where: { open: 1 } }),
        (open) => open === 0,
      );
    }
  });
}
