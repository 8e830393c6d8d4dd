import { join } from 'node:path';
import { GatewayOnLibvirt, TEMPLATE_VOLUME } from '../support/gateway-on-libvirt';
import { createVm, operateVm, welcomeCustomer } from '../support/gateway-requests';
import type { Customer, StartedOn } from '../support/gateway-requests';
import { LibvirtProxy } from '../support/libvirt-proxy';
import type { Place } from '../support/libvirt-proxy';
import { followTask } from '../support/task-follower';
import type { SeenEvent } from '../support/task-follower';
import { expectGaplessOutbox, expectWholeHistory } from '../support/task-history';

jest.setTimeout(120_000);

/** A reply that was held back while the daemon died is lost: what it was about has happened all the same. */
const DEATHS: readonly (readonly [string, Place])[] = [
  ['before anything is made', { procedure: 'storageVolCreateXml', kind: 'CALL' }],
  ['with its disk made and the reply lost', { procedure: 'storageVolCreateXml', kind: 'REPLY' }],
  ['in the middle of an upload', { procedure: 'storageVolUpload', kind: 'DATA' }],
  ['before it is defined', { procedure: 'domainDefineXmlFlags', kind: 'CALL' }],
  ['when it is defined and the reply lost', { procedure: 'domainDefineXmlFlags', kind: 'REPLY' }],
  ['before it is started', { procedure: 'domainCreateWithFlags', kind: 'CALL' }],
  ['when it is started and the reply lost', { procedure: 'domainCreateWithFlags', kind: 'REPLY' }],
];

let stage: GatewayOnLibvirt;
let proxy: LibvirtProxy;
let customer: Customer;

beforeAll(async () => {
  const socketPath = ({ directory }: { readonly directory: string }): string => join(directory, 'proxy');
  stage = await GatewayOnLibvirt.make({ socketPath });
  proxy = new LibvirtProxy(stage.daemon.socketPath);
  await proxy.listen(socketPath(stage.daemon));
  await stage.home.start();
  await stage.backendIs('ONLINE');
  customer = await welcomeCustomer(stage.administrator, { backend: 'lab', imageRef: TEMPLATE_VOLUME });
});

afterAll(async () => {
  await proxy.close();
  await stage.remove();
});

async function askForVm(name: string): Promise<StartedOn> {
  const { templateId, operator } = customer;
  const sizes = { memoryMib: 128, diskGib: 1 };
  return createVm(operator, { name, templateId, backend: 'lab', ...sizes, userData: '#cloud-config\n{}\n' });
}

/** True for the event that puts a task off; those that follow it show the same message. */
function putsOff({ kind, task }: SeenEvent): boolean {
  return kind === 'PROGRESS' && task.message?.startsWith('Trying again') === true;
}

function cancel(taskId: string): Promise<unknown> {
  const mutation = 'mutation ($taskId: ID!) { cancelTask(input: { id: $taskId }) { task { id } } }';
  return customer.operator.request(mutation, { taskId });
}

/** Follows the task, and starts the daemon again once the gateway has met with its absence so many times. */
async function followOverOutage(taskId: string, tries = 1): Promise<SeenEvent[]> {
  const restarts: Promise<void>[] = [];
  let met = 0;
  const events = await followTask(customer.operator, taskId, {
    onEvent: (event) => {
      if (putsOff(event)) met += 1;
      if (met === tries && restarts.length === 0) restarts.push(stage.daemon.start());
    },
  });
  expect(restarts).toHaveLength(1);
  await restarts[0];
  return events;
}

async function expectOneVm(id: string): Promise<void> {
  const { vm } = await customer.operator.request(
    'query ($id: ID!) { vm(id: $id) { status externalId diskGib } }',
    { id },
  );
  expect(vm).toMatchObject({ status: 'RUNNING', diskGib: 1 });
  expect(await stage.virsh.domains()).toHaveLength(1);
}

async function expectDeleted(id: string): Promise<void> {
  const { taskId } = await operateVm(customer.operator, 'deleteVm', { id });
  expect((await followTask(customer.operator, taskId)).at(-1)?.kind).toBe('SUCCEEDED');
  expect(await stage.leftovers()).toEqual([]);
}

describe('a libvirtd that is killed while it makes a VM', () => {
  it.each(DEATHS)('%s, and started again, has one VM in the end', async (_when, place) => {
    const killed = proxy.before(place, () => stage.daemon.kill());
    const { id, taskId } = await askForVm('one');
    const following = followOverOutage(taskId);
    await killed;
    const events = await following;
    await expectWholeHistory(customer.operator, events);
    await expectOneVm(id);
    await expectDeleted(id);
  });

  it('is OFFLINE to everybody until it is back', async () => {
    await stage.daemon.kill();
    const { id, taskId } = await askForVm('patient');
    await stage.backendIs('OFFLINE');
    const events = await followOverOutage(taskId);
    await expectWholeHistory(customer.operator, events);
    await stage.backendIs('ONLINE');
    await expectOneVm(id);
    await expectDeleted(id);
  });

  it('keeps a VM waiting that may be cancelled, and then has none', async () => {
    await stage.daemon.kill();
    const { id, taskId } = await askForVm('given-up');
    const cancellations: Promise<unknown>[] = [];
    const events = await followTask(customer.operator, taskId, {
      onEvent: (event) => {
        if (cancellations.length === 0 && putsOff(event)) cancellations.push(cancel(taskId));
      },
    });
    expect(cancellations).toHaveLength(1);
    await cancellations[0];
    expect(events.at(-1)).toMatchObject({ kind: 'CANCELLED', task: { error: { code: 'CANCELLED' } } });
    await stage.daemon.start();
    expect(await stage.leftovers()).toEqual([]);
    const { vm } = await customer.operator.request('query ($id: ID!) { vm(id: $id) { status } }', { id });
    expect(vm.status).toBe('DELETED');
  });
});

describe('a running VM', () => {
  it('is stopped although its daemon is away for longer than a stop is tried', async () => {
    const { operator } = customer;
    const made = await askForVm('stubborn');
    await followTask(operator, made.taskId);
    await stage.daemon.kill();
    const stop = await operateVm(operator, 'stopVm', { id: made.id, ...{ force: true } });
    await expectWholeHistory(operator, await followOverOutage(stop.taskId, 3));
    const { vm } = await operator.request('query ($id: ID!) { vm(id: $id) { status } }', { id: made.id });
    expect(vm.status).toBe('STOPPED');
    await expectDeleted(made.id);
  });

  it('outlives its daemon, and what happens to it afterwards is told again', async () => {
    const { operator } = customer;
    const { id, taskId } = await askForVm('survivor');
    await followTask(operator, taskId);
    await stage.daemon.kill();
    await stage.daemon.start();

    const changes = operator.subscribe('subscription ($id: ID!) { vmEvents(vmId: $id) { vm { status } } }', {
      id,
    });
    const stopped = changes.until(({ vmEvents: { vm } }) => vm.status === 'STOPPED');
    await stage.backendIs('ONLINE');
    // Behind the gateway's back, so that only the daemon's events can tell of it.
    const [domain] = await stage.virsh.domains();
    await stage.virsh.destroy(domain ?? '');
    await stopped;
    await changes.close();
    await expectDeleted(id);
    await stage.home.process.stop('SIGTERM');
    expectGaplessOutbox(stage.home.databaseFile);
  });
});
