import { look } from '../../providers/cloud-flow';
import { OpenStackWorld } from '../../providers/openstack/world';
import { createNetwork, createTenancy, ended, operate, operated } from '../../support/api/requests';
import type { Tenancy } from '../../support/api/requests';
import { startRealCloud } from '../support/real-openstack';

jest.setTimeout(600_000);

/** Labels become metadata, in which the hypervisor reads what to fail at. */
const failing = (operation: string) => [{ name: 'x-fail', value: operation }];

let world: OpenStackWorld;
let tenant: Tenancy;

beforeAll(async () => {
  world = await OpenStackWorld.open(await startRealCloud());
  tenant = await createTenancy(world.admin, 'unlucky');
});

afterAll(() => world.close());

test('a VM that the hypervisor cannot start fails its task, and leaves nothing in the cloud', async () => {
  const before = await world.inventory();
  const network = { backend: 'cloud', name: 'net', mode: 'ISOLATED', cidr: '10.9.1.0/24' };
  const networkId = await createNetwork(tenant.operator, network);
  const withNetwork = await world.inventory();
  const order = { name: 'unlucky', networkIds: [networkId], labels: failing('spawn') };
  const { id, taskId } = await world.order(tenant.operator, order);
  const task = await ended(tenant.operator, taskId);
  expect(task).toMatchObject({ status: 'FAILED', error: { code: 'INTERNAL' } });
  expect(await look(tenant.operator, id)).toMatchObject({ status: 'ERROR', ipAddresses: [] });
  expect(await world.servers()).toEqual([]);
  expect({ ports: (await world.inventory())['ports'] }).toEqual({ ports: withNetwork['ports'] });

  await operated(tenant.operator, 'deleteVm', { id });
  await operated(tenant.operator, 'deleteNetwork', { id: networkId });
  expect(await world.inventory()).toEqual(before);
});

test('an operation that the hypervisor fails at fails its task, and the VM can be deleted', async () => {
  const before = await world.inventory();
  const id = await world.vm(tenant.operator, { name: 'stubborn', labels: failing('suspend') });
  const task = await ended(tenant.operator, await operate(tenant.operator, 'suspendVm', { id }));
  expect(task).toMatchObject({ status: 'FAILED' });
  await operated(tenant.operator, 'deleteVm', { id });
  expect(await world.inventory()).toEqual(before);
});
