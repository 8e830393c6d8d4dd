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
  world = await OpenStackWorld.open({ ...peer.access('demo'), stop: () => Promise.resolve() });
  tenant = await createTenancy(world.admin, 'patient');
});

afterEach(() => peer.startCompute());
afterAll(() => world.close());

/** The task comes to an end that tells the truth: one server, or none. @returns whether there is a VM */
async function expectOneOrNone({ id, taskId }: Made, name: string): Promise<boolean> {
  const task = await ended(tenant.operator, taskId);
  const exists = task.status === 'SUCCEEDED';
  if (!exists) expect(task).toMatchObject({ status: 'FAILED', error: { code: 'INTERNAL' } });
  expect(await look(tenant.operator, id)).toMatchObject({ status: exists ? 'RUNNING' : 'ERROR' });
  expect(await world.servers()).toEqual(exists ? [{ name, status: 'ACTIVE' }] : []);
  return exists;
}

test('a creation whose nova-compute dies over it fails when that is back, and leaves nothing', async () => {
  const before = await world.inventory();
  const labels = [{ name: 'x-delay', value: '5' }];
  const made = await world.order(tenant.operator, { name: 'interrupted', labels });
  await until(
    () => world.taskOf('interrupted'),
    (task) => task === 'spawning',
    60_000,
    50,
  );
  await peer.killCompute();
  await peer.startCompute();
  expect(await expectOneOrNone(made, 'interrupted')).toBe(false);
  await operated(tenant.operator, 'deleteVm', { id: made.id });
  expect(await world.inventory()).toEqual(before);
});

test('a creation that waits for a nova-compute which is down comes to an end when that is back', async () => {
  const before = await world.inventory();
  await peer.killCompute();
  const made = await world.order(tenant.operator, { name: 'waiting' });
  await until(
    () => world.servers(),
    (servers) => servers.some(({ name }) => name === 'waiting'),
    60_000,
    100,
  );
  await peer.startCompute();
  await expectOneOrNone(made, 'waiting');
  await operated(tenant.operator, 'deleteVm', { id: made.id });
  expect(await world.inventory()).toEqual(before);
});

test('a VM outlives the nova-compute that made it, and does as it is told by the next', async () => {
  const before = await world.inventory();
  const id = await world.vm(tenant.operator, { name: 'survivor' });
  await peer.killCompute();
  await peer.startCompute();
  await operated(tenant.operator, 'stopVm', { id, force: true });
  expect(await look(tenant.operator, id)).toMatchObject({ status: 'STOPPED' });
  await operated(tenant.operator, 'startVm', { id });
  expect(await look(tenant.operator, id)).toMatchObject({ status: 'RUNNING' });
  await operated(tenant.operator, 'deleteVm', { id });
  expect(await world.inventory()).toEqual(before);
});
