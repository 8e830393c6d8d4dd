import type { Data } from '../support/api/api-answer';
import type { ApiClient } from '../support/api/api-client';
import {
  createNetwork,
  createTenancy,
  ended,
  operate,
  operated,
  startVm,
  succeeded,
} from '../support/api/requests';
import { TestGateway } from '../support/api/test-gateway';
import { until } from '../support/until';
import { expectChangesSeen } from './changes-behind-our-back';
import type { Intruder } from './changes-behind-our-back';

const VM = `query ($id: ID!) { vm(id: $id) {
  id name status powerState cpuCount memoryMib diskGib externalId ipAddresses networks { macAddress network { name } }
} }`;

/** A cloud that runs, and what is done to it behind every client's back. */
export interface RunningCloud extends Intruder {
  /** The keys of a backend that reach it, `kind` included. */
  readonly backend: Readonly<Record<string, unknown>>;
  readonly imageRef: string;
  /** The ids of everything of ours or of others that is there, VMs and networks alike. */
  inventory(): Promise<string[]>;
  stop(): Promise<void>;
}

export interface CloudFlow {
  readonly name: string;
  readonly start: () => Promise<RunningCloud>;
  readonly suspends: boolean;
  /** How many different values of progress a creation shows at least. */
  readonly progressValues: number;
  /** The smallest that the cloud sells for one CPU and 512 MiB, and a size that needs another one. */
  readonly smallest: { readonly cpuCount: number; readonly memoryMib: number; readonly diskGib: number };
  readonly larger: { readonly cpuCount: number; readonly memoryMib: number };
  readonly timeoutMs: number;
}

export async function look(caller: ApiClient, id: string): Promise<Data> {
  return (await caller.data(VM, { id })).vm;
}

/** A gateway with one backend called `cloud`, and a template on it. */
export class CloudWorld {
  private constructor(
    readonly cloud: RunningCloud,
    readonly gateway: TestGateway,
    readonly templateId: string,
  ) {}

  static async open(start: () => Promise<RunningCloud>): Promise<CloudWorld> {
    const cloud = await start();
    const backend = { name: 'cloud', location: 'EXTERNAL', ...cloud.backend };
    const gateway = await TestGateway.start({ backends: {}, furtherBackends: [backend] });
    const online = () => gateway.admin.data('{ backends { status } }');
    await until(online, ({ backends }) => backends[0].status === 'ONLINE', 30_000, 50);
    const realizations = [{ backend: 'cloud', imageRef: cloud.imageRef }];
    const input = { name: 'flow', realizations };
    const { template } = await gateway.admin.mutate('registerTemplate', input, 'template { id }');
    return new CloudWorld(cloud, gateway, template.id);
  }

  vmInput(input: object): object {
    const size = { cpuCount: 1, memoryMib: 512 };
    return { backend: 'cloud', templateId: this.templateId, ...size, ...input };
  }

  async close(): Promise<void> {
    await this.gateway.close();
    await this.cloud.stop();
  }
}

async function progressOf(caller: ApiClient, taskId: string): Promise<number[]> {
  const query = `subscription ($taskId: ID!) { taskEvents(taskId: $taskId) { task { status progress message } } }`;
  const source = caller.events(query, { taskId });
  const events = (await source.rest()).map(({ taskEvents }) => taskEvents.task);
  await source.close();
  expect(events.at(-1)).toMatchObject({ status: 'SUCCEEDED', progress: 100 });
  const values = events.map(({ progress }) => progress as number);
  expect(values).toEqual([...values].sort((a, b) => a - b));
  return values;
}

/** A VM is not stopped for a size that it cannot get. */
async function refuseImpossibleSize(caller: ApiClient, id: string): Promise<void> {
  const task = await operate(caller, 'resizeVm', {
    id,
    cpuCount: 128,
    memoryMib: 2_097_152,
    allowRestart: true,
  });
  const { status, error, steps } = await ended(caller, task);
  expect({ status, code: error?.code }).toEqual({ status: 'FAILED', code: 'INVALID_ARGUMENT' });
  expect(steps).toContainEqual({ name: 'stop-vm', status: 'PENDING' });
  expect(await look(caller, id)).toMatchObject({ status: 'RUNNING' });
}

/** The whole life of a VM on a network of its own; nothing is left behind. */
async function live(world: CloudWorld, caller: ApiClient, flow: CloudFlow, name: string): Promise<void> {
  const networkInput = { backend: 'cloud', name: `${name}-net`, mode: 'NAT', cidr: '10.9.0.0/24' };
  const networkId = await createNetwork(caller, networkInput);
  const made = await startVm(caller, world.vmInput({ name, networkIds: [networkId] }));
  const { id } = made;
  expect(new Set(await progressOf(caller, made.taskId)).size).toBeGreaterThanOrEqual(flow.progressValues);
  const vm = await look(caller, id);
  expect(vm).toMatchObject({ name, status: 'RUNNING', ...flow.smallest });
  expect(vm.networks).toMatchObject([{ network: { name: `${name}-net` }, macAddress: expect.any(String) }]);

  await operated(caller, 'stopVm', { id });
  expect(await look(caller, id)).toMatchObject({ status: 'STOPPED', powerState: 'POWERED_OFF' });
  await operated(caller, 'startVm', { id });
  await operated(caller, 'rebootVm', { id });
  expect(await look(caller, id)).toMatchObject({ status: 'RUNNING' });
  if (flow.suspends) {
    await operated(caller, 'suspendVm', { id });
    expect(await look(caller, id)).toMatchObject({ status: 'SUSPENDED' });
    await operated(caller, 'resumeVm', { id });
  }
  await refuseImpossibleSize(caller, id);
  await operated(caller, 'resizeVm', { id, ...flow.larger, allowRestart: true });
  const larger = await look(caller, id);
  expect(larger.status).toBe('RUNNING');
  expect(larger.cpuCount).toBeGreaterThanOrEqual(flow.larger.cpuCount);
  expect(larger.memoryMib).toBeGreaterThanOrEqual(flow.larger.memoryMib);

  await operated(caller, 'deleteVm', { id });
  expect(await look(caller, id)).toMatchObject({ status: 'DELETED' });
  await operated(caller, 'deleteNetwork', { id: networkId });
}

/** The flow through GraphQL on one cloud. */
export function describeCloudFlow(flow: CloudFlow): void {
  describe(flow.name, () => {
    let world: CloudWorld;

    beforeAll(async () => {
      world = await CloudWorld.open(flow.start);
    }, 60_000);

    afterAll(async () => {
      await world.close();
    });

    it(
      'takes a VM through its life, for two tenants at once that do not see each other',
      async () => {
        const before = await world.cloud.inventory();
        const [one, other] = [
          await createTenancy(world.gateway.admin, 'one'),
          await createTenancy(world.gateway.admin, 'other'),
        ];
        const kept = await startVm(other.operator, world.vmInput({ name: 'kept' }));
        await succeeded(other.operator, kept.taskId);
        await Promise.all([live(world, one.operator, flow, 'web'), live(world, other.operator, flow, 'web')]);
        const names = '{ vms(first: 10) { nodes { name } } }';
        expect((await one.operator.data(names)).vms.nodes).toEqual([]);
        expect((await other.operator.data(names)).vms.nodes).toEqual([{ name: 'kept' }]);
        expect((await one.operator.data(VM, { id: kept.id })).vm).toBeNull();
        await operated(other.operator, 'deleteVm', { id: kept.id });
        expect((await world.cloud.inventory()).sort()).toEqual(before.sort());
      },
      flow.timeoutMs,
    );

    it(
      'shows what another client of the cloud does',
      async () => {
        const { gateway, cloud } = world;
        const { operator } = await createTenancy(gateway.admin, 'watcher');
        const { id, taskId } = await startVm(operator, world.vmInput({ name: 'watched' }));
        await succeeded(operator, taskId);
        const { externalId } = await look(operator, id);
        await expectChangesSeen(operator, { id, externalId }, cloud);
        await operated(operator, 'deleteVm', { id });
      },
      flow.timeoutMs,
    );
  });
}
