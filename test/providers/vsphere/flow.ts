import { VimClient } from '../../../src/providers/vsphere/client';
import type { Data } from '../../support/api/api-answer';
import type { ApiClient } from '../../support/api/api-client';
import { createNetwork, createTenancy, operated, startVm, succeeded } from '../../support/api/requests';
import { TestGateway } from '../../support/api/test-gateway';
import { until } from '../../support/until';
import { expectChangesSeen } from '../changes-behind-our-back';
import type { VsphereServer } from './harness';
import { VsphereIntruder } from './intruder';

const IMAGE = 'flow-image';

const VM = `query ($id: ID!) { vm(id: $id) {
  id name status powerState cpuCount memoryMib diskGib externalId ipAddresses networks { macAddress network { name } }
} }`;

export interface VsphereFlow {
  readonly name: string;
  readonly start: () => Promise<VsphereServer>;
  /** Keys of the backend besides those of the access. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** How many different values of progress a creation shows at least. */
  readonly progressValues: number;
  /** What else is to be seen of a VM that has started. */
  readonly hears?: (caller: ApiClient, id: string) => Promise<void>;
  /** Whether the server can ask a guest to reboot. */
  readonly gracefulReboot: boolean;
}

/** A gateway with one vSphere backend, and a second client of the same server. */
export class VsphereWorld {
  private constructor(
    readonly server: VsphereServer,
    readonly gateway: TestGateway,
    private readonly client: VimClient,
    readonly intruder: VsphereIntruder,
    readonly templateId: string,
  ) {}

  static async open({ start, config }: Pick<VsphereFlow, 'start' | 'config'>): Promise<VsphereWorld> {
    const server = await start();
    const { url, username, password } = server;
    const client = new VimClient({ url, username, password, callTimeoutMs: 10_000 });
    const intruder = new VsphereIntruder(client);
    await intruder.makeTemplate(IMAGE, 1);
    const access = { url, username, password, callTimeoutMs: 10_000 };
    const backend = { name: 'dc', kind: 'vsphere', location: 'INTERNAL', ...access, ...config };
    const gateway = await TestGateway.start({ backends: {}, furtherBackends: [backend] });
    const online = () => gateway.admin.data('{ backends { status } }');
    await until(online, ({ backends }) => backends[0].status === 'ONLINE', 15_000, 50);
    const realizations = [{ backend: 'dc', imageRef: IMAGE }];
    const input = { name: 'flow', realizations };
    const { template } = await gateway.admin.mutate('registerTemplate', input, 'template { id }');
    return new VsphereWorld(server, gateway, client, intruder, template.id);
  }

  /** A VM that is there and runs; its id. */
  async vm(caller: ApiClient, input: object): Promise<{ id: string; externalId: string }> {
    const size = { cpuCount: 1, memoryMib: 128, diskGib: 1 };
    const defaults = { backend: 'dc', templateId: this.templateId, ...size };
    const made = await startVm(caller, { ...defaults, ...input });
    await succeeded(caller, made.taskId);
    return { id: made.id, externalId: (await look(caller, made.id)).externalId };
  }

  /** The names of all VMs that are left on the server. */
  async inventory(): Promise<string[]> {
    const { rootFolder } = await this.client.content();
    const names: string[] = [];
    const listed = this.client.retrieveContained(rootFolder, 'VirtualMachine', ['name']);
    for await (const { properties } of listed) names.push(properties.name ?? '');
    return names;
  }

  async close(): Promise<void> {
    await this.gateway.close();
    await this.client.close();
    await this.server.stop();
  }
}

export async function look(caller: ApiClient, id: string): Promise<Data> {
  return (await caller.data(VM, { id })).vm;
}

/** The whole life of a VM on a network of its own; nothing is left behind. */
async function live(world: VsphereWorld, caller: ApiClient, flow: VsphereFlow, name: string): Promise<void> {
  const network = { backend: 'dc', name: `${name}-net`, mode: 'ISOLATED', cidr: '10.9.0.0/24' };
  const networkId = await createNetwork(caller, network);
  const input = { backend: 'dc', templateId: world.templateId, name, networkIds: [networkId] };
  const made = await startVm(caller, { ...input, cpuCount: 1, memoryMib: 128, diskGib: 1 });
  const id = made.id;
  expect(new Set(await progressOf(caller, made.taskId)).size).toBeGreaterThanOrEqual(flow.progressValues);
  expect(await look(caller, id)).toMatchObject({
    name,
    status: 'RUNNING',
    cpuCount: 1,
    memoryMib: 128,
    diskGib: 1,
  });
  expect((await look(caller, id)).networks).toMatchObject([{ network: { name: `${name}-net` } }]);

  await flow.hears?.(caller, id);

  await operated(caller, 'stopVm', { id, force: true });
  expect(await look(caller, id)).toMatchObject({ status: 'STOPPED', powerState: 'POWERED_OFF' });
  await operated(caller, 'startVm', { id });
  await operated(caller, 'rebootVm', { id, force: !flow.gracefulReboot });
  expect(await look(caller, id)).toMatchObject({ status: 'RUNNING' });
  await operated(caller, 'suspendVm', { id });
  expect(await look(caller, id)).toMatchObject({ status: 'SUSPENDED' });
  await operated(caller, 'resumeVm', { id });

  const size = { cpuCount: 2, memoryMib: 256, diskGib: 2 };
  const refused = await caller.mutateRefused('resizeVm', { id, ...size });
  expect(refused.extensions).toMatchObject({
    code: 'FAILED_PRECONDITION',
    details: { reason: 'NEEDS_STOP' },
  });
  await operated(caller, 'resizeVm', { id, ...size, allowRestart: true });
  expect(await look(caller, id)).toMatchObject({ status: 'RUNNING', ...size });

  await operated(caller, 'deleteVm', { id });
  expect(await look(caller, id)).toMatchObject({ status: 'DELETED' });
  await operated(caller, 'deleteNetwork', { id: networkId });
}

async function progressOf(caller: ApiClient, taskId: string): Promise<number[]> {
  const query = `subscription ($taskId: ID!) { taskEvents(taskId: $taskId) { task { status progress } } }`;
  const source = caller.events(query, { taskId });
  const events = (await source.rest()).map(({ taskEvents }) => taskEvents.task);
  await source.close();
  expect(events.at(-1)).toMatchObject({ status: 'SUCCEEDED', progress: 100 });
  const values = events.map(({ progress }) => progress as number);
  expect(values).toEqual([...values].sort((a, b) => a - b));
  return values;
}

/** The flow through GraphQL on one server. */
export function describeVsphereFlow(flow: VsphereFlow): void {
  describe(flow.name, () => {
    let world: VsphereWorld;

    beforeAll(async () => {
      world = await VsphereWorld.open(flow);
    });

    afterAll(async () => {
      await world.close();
    });

    it('takes a VM through its life, for two tenants at once that do not see each other', async () => {
      const before = await world.inventory();
      const [one, other] = [
        await createTenancy(world.gateway.admin, 'one'),
        await createTenancy(world.gateway.admin, 'other'),
      ];
      const kept = await world.vm(other.operator, { name: 'kept' });
      await Promise.all([live(world, one.operator, flow, 'web'), live(world, other.operator, flow, 'web')]);
      const names = '{ vms(first: 10) { nodes { name } } }';
      expect((await one.operator.data(names)).vms.nodes).toEqual([]);
      expect((await other.operator.data(names)).vms.nodes).toEqual([{ name: 'kept' }]);
      expect((await one.operator.data(VM, { id: kept.id })).vm).toBeNull();
      await operated(other.operator, 'deleteVm', { id: kept.id });
      expect((await world.inventory()).sort()).toEqual(before.sort());
    });

    describeChangesBehindOurBack(() => world);
  });
}

function describeChangesBehindOurBack(world: () => VsphereWorld): void {
  it('shows what another client of the server does', async () => {
    const { gateway, intruder } = world();
    const { operator } = await createTenancy(gateway.admin, 'watcher');
    const { id, externalId } = await world().vm(operator, { name: 'watched' });
    await expectChangesSeen(operator, { id, externalId }, intruder);
    expect(await look(operator, id)).toMatchObject({ powerState: 'UNKNOWN' });
    await operated(operator, 'deleteVm', { id });
  });
}
