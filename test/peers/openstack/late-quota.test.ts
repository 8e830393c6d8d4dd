import { look } from '../../providers/cloud-flow';
import { OpenStackWorld } from '../../providers/openstack/world';
import { createTenancy, ended, operated } from '../../support/api/requests';
import type { Made, Tenancy } from '../../support/api/requests';
import { until } from '../../support/until';
import { OpenStackPeer } from '../support/openstack-peer';

jest.setTimeout(600_000);

let peer: OpenStackPeer;
let world: OpenStackWorld;
let tenant: Tenancy;

beforeAll(async () => {
  peer = await OpenStackPeer.start();
  world = await OpenStackWorld.open({ ...peer.access('tiny'), stop: () => Promise.resolve() });
  tenant = await createTenancy(world.admin, 'tiny');
});

afterAll(() => world.close());

/** The API counts what the conductor has written down: while that stands still, all of them fit. */
async function orderedAtOnce(names: readonly string[]): Promise<readonly Made[]> {
  const goOn = await peer.holdConductor();
  try {
    const orders = await Promise.all(names.map((name) => world.order(tenant.operator, { name })));
    const areAccepted = (servers: readonly unknown[]): boolean => servers.length === names.length;
    await until(() => world.servers(), areAccepted, 60_000, 100);
    return orders;
  } finally {
    goOn();
  }
}

test('a creation beyond the quota that Nova refuses at once fails for want of resources', async () => {
  const before = await world.inventory();
  const kept = await world.vm(tenant.operator, { name: 'kept' });
  const { id, taskId } = await world.order(tenant.operator, { name: 'refused' });
  const task = await ended(tenant.operator, taskId);
  expect(task).toMatchObject({ status: 'FAILED', error: { code: 'RESOURCE_EXHAUSTED' } });
  expect(await world.servers()).toEqual([{ name: 'kept', status: 'ACTIVE' }]);
  await operated(tenant.operator, 'deleteVm', { id });
  await operated(tenant.operator, 'deleteVm', { id: kept });
  expect(await world.inventory()).toEqual(before);
});

test('of two creations that Nova accepts for a quota of one, what it refuses later fails and leaves nothing', async () => {
  const before = await world.inventory();
  const orders = await orderedAtOnce(['first', 'second']);
  const tasks = await Promise.all(orders.map(({ taskId }) => ended(tenant.operator, taskId)));
  const failed = tasks.filter(({ status }) => status === 'FAILED');
  // The conductor may find both to be too many, when it has written both down before it counts.
  expect(failed.length).toBeGreaterThanOrEqual(1);
  for (const { error } of failed) expect(error).toMatchObject({ code: 'RESOURCE_EXHAUSTED' });
  expect(tasks.every(({ status }) => status === 'FAILED' || status === 'SUCCEEDED')).toBe(true);
  const left = await Promise.all(orders.map(({ id }) => look(tenant.operator, id)));
  const running = left.filter(({ status }) => status === 'RUNNING').map(({ name }) => name);
  expect(running).toHaveLength(tasks.length - failed.length);
  expect(await world.servers()).toEqual(running.map((name) => ({ name, status: 'ACTIVE' })));
  for (const { id } of orders) await operated(tenant.operator, 'deleteVm', { id });
  expect(await world.inventory()).toEqual(before);
});
