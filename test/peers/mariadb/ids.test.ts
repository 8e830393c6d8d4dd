import { mysqlDatabases } from '../../support/test-databases';
import { ADMIN, WorkflowStage } from '../../workflows/stage';
import { startMariadb } from '../support/mariadb';
import type { Mariadb } from '../support/mariadb';

let mariadb: Mariadb;
let stage: WorkflowStage;

beforeAll(async () => {
  mariadb = await startMariadb();
  stage = await WorkflowStage.open({ openDatabases: async () => mysqlDatabases(mariadb.url) });
}, 60_000);

afterAll(async () => {
  await stage.close();
  await mariadb.stop();
}, 60_000);

// A task on such an id would be in a lane that neither the reconciler nor the recount of quotas knows.
test('an id with spaces behind it names nothing, whatever the database compares', async () => {
  stage.engine();
  const { networks, vms, vmOperations, tasks, tenants } = stage.nouns.services;
  const { networkId, taskId } = await stage.createNetwork();
  await stage.ended(taskId);
  const vmId = await stage.runningVm();
  const size = { cpuCount: 2, memoryMib: null, diskGib: null, allowRestart: true };
  const asked = [
    vms.get(ADMIN, `${vmId} `),
    vmOperations.resize(ADMIN, { id: `${vmId} `, ...size }),
    vmOperations.delete(ADMIN, { id: `${vmId} ` }),
    networks.delete(ADMIN, { id: `${networkId} ` }),
    tasks.cancel(ADMIN, `${taskId} `),
    tasks.retry(ADMIN, `${taskId} `),
    tenants.get(ADMIN, `${stage.tenantId} `),
  ];
  const answers = await Promise.allSettled<unknown>(asked);
  expect(answers).toMatchObject(asked.map(() => ({ status: 'rejected', reason: { code: 'NOT_FOUND' } })));
  expect(await stage.nouns.services.recount.run()).toEqual([]);
});
