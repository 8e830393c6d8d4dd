import type { Data } from '../../support/api/api-answer';
import type { ApiClient } from '../../support/api/api-client';
import { createNetwork, createTenancy, operated, startVm } from '../../support/api/requests';
import { look, OpenStackWorld } from './world';
import type { OpenStackWorldOptions } from './world';

export interface OpenStackFlow extends OpenStackWorldOptions {
  readonly name: string;
  /** How many different values of progress a creation shows at least. */
  readonly progressValues: number;
}

const SIZE = { cpuCount: 1, memoryMib: 512, diskGib: 1 };
const LARGER = { cpuCount: 2, memoryMib: 4_096, diskGib: 40 };

/** The whole life of a VM on a network of its own; nothing is left behind. */
async function live(
  world: OpenStackWorld,
  caller: ApiClient,
  mode: 'ISOLATED' | 'NAT',
  least: number,
): Promise<void> {
  const network = { backend: 'cloud', name: 'web-net', mode, cidr: '10.9.0.0/24' };
  const networkId = await createNetwork(caller, network);
  const input = { backend: 'cloud', templateId: world.templateId, name: 'web', networkIds: [networkId] };
  const { id, taskId } = await startVm(caller, { ...input, ...SIZE });
  expect(new Set(await progressOf(caller, taskId)).size).toBeGreaterThanOrEqual(least);
  const made = await look(caller, id);
  expect(made).toMatchObject({ name: 'web', status: 'RUNNING', ...SIZE });
  expect(made.networks).toMatchObject([{ network: { name: 'web-net' } }]);
  expect(made.ipAddresses).toEqual([expect.stringMatching(/^10\.9\.0\.\d+$/)]);

  await operated(caller, 'stopVm', { id, force: true });
  expect(await look(caller, id)).toMatchObject({ status: 'STOPPED', powerState: 'POWERED_OFF' });
  await operated(caller, 'startVm', { id });
  await operated(caller, 'rebootVm', { id, force: false });
  expect(await look(caller, id)).toMatchObject({ status: 'RUNNING' });
  await operated(caller, 'suspendVm', { id });
  expect(await look(caller, id)).toMatchObject({ status: 'SUSPENDED' });
  await operated(caller, 'resumeVm', { id });

  await resize(caller, id);
  await operated(caller, 'deleteVm', { id });
  expect(await look(caller, id)).toMatchObject({ status: 'DELETED' });
  await operated(caller, 'deleteNetwork', { id: networkId });
}

async function resize(caller: ApiClient, id: string): Promise<void> {
  const refused = await caller.mutateRefused('resizeVm', { id, ...LARGER });
  expect(refused.extensions).toMatchObject({
    code: 'FAILED_PRECONDITION',
    details: { reason: 'NEEDS_STOP' },
  });
  await operated(caller, 'resizeVm', { id, ...LARGER, allowRestart: true });
  expect(await look(caller, id)).toMatchObject({ status: 'RUNNING', ...LARGER });
}

async function progressOf(caller: ApiClient, taskId: string): Promise<number[]> {
  const query = `subscription ($taskId: ID!) { taskEvents(taskId: $taskId) { task { status progress } } }`;
  const source = caller.events(query, { taskId });
  const tasks = (await source.rest()).map(({ taskEvents }): Data => taskEvents.task);
  await source.close();
  expect(tasks.at(-1)).toMatchObject({ status: 'SUCCEEDED', progress: 100 });
  const values = tasks.map(({ progress }) => progress as number);
  expect(values).toEqual([...values].sort((a, b) => a - b));
  return values;
}

/** The flow through GraphQL on one cloud. */
export function describeOpenStackFlow(flow: OpenStackFlow): void {
  describe(flow.name, () => {
    let world: OpenStackWorld;

    beforeAll(async () => {
      world = await OpenStackWorld.open(flow);
    });

    afterAll(() => world.close());

    it('takes a VM through its life, for two tenants at once that do not see each other', async () => {
      const before = await world.inventory();
      const [one, other] = [
        await createTenancy(world.gateway.admin, 'one'),
        await createTenancy(world.gateway.admin, 'other'),
      ];
      const kept = await world.vm(other.operator, { name: 'kept' });
      await Promise.all([
        live(world, one.operator, 'NAT', flow.progressValues),
        live(world, other.operator, 'ISOLATED', flow.progressValues),
      ]);
      const names = '{ vms(first: 10) { nodes { name } } }';
      expect((await one.operator.data(names)).vms.nodes).toEqual([]);
      expect((await other.operator.data(names)).vms.nodes).toEqual([{ name: 'kept' }]);
      expect(await look(one.operator, kept.id)).toBeNull();
      await operated(other.operator, 'deleteVm', { id: kept.id });
      expect(await world.inventory()).toEqual(before);
    });

    describeChangesBehindOurBack(() => world);
  });
}

const VM_EVENTS = `subscription ($id: ID!) { vmEvents(vmId: $id) { vm { name status powerState } } }`;

function describeChangesBehindOurBack(world: () => OpenStackWorld): void {
  it('shows what another client of the cloud does', async () => {
    const { gateway, intruder } = world();
    const { operator } = await createTenancy(gateway.admin, 'watcher');
    const { id, externalId } = await world().vm(operator, { name: 'watched' });
    const events = operator.events(VM_EVENTS, { id });

    await intruder.powerOff(externalId);
    await events.until(({ vmEvents: { vm } }) => vm.powerState === 'POWERED_OFF');
    expect(await look(operator, id)).toMatchObject({ status: 'STOPPED' });

    await intruder.rename(externalId, 'renamed');
    await events.until(({ vmEvents: { vm } }) => vm.name === 'renamed');

    await intruder.destroy(externalId);
    await events.until(({ vmEvents: { vm } }) => vm.powerState === 'UNKNOWN');
    await events.close();
    await operated(operator, 'deleteVm', { id });
  });
}
