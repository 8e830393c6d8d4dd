import type { Data } from '../support/api/api-answer';
import type { ApiClient } from '../support/api/api-client';
import {
  createNetwork,
  createTenancy,
  createVm,
  operated,
  registerTemplate,
  startVm,
} from '../support/api/requests';
import type { Tenancy } from '../support/api/requests';
import { TestGateway } from '../support/api/test-gateway';
import { until } from '../support/until';

let gateway: TestGateway;
let acme: Tenancy;
let templateId: string;
beforeAll(async () => {
  gateway = await TestGateway.start();
  acme = await createTenancy(gateway.admin, 'acme');
  templateId = await registerTemplate(gateway.admin, { name: 'tiny' });
});
afterAll(() => gateway.close());

const TASK_EVENTS = `subscription ($taskId: ID, $tenantId: ID, $after: String) {
  taskEvents(taskId: $taskId, tenantId: $tenantId, after: $after) {
    cursor kind at task { id operation status progress steps { name status } target { id } tenant { slug } }
  }
}`;
const VM_EVENTS = `subscription ($vmId: ID, $tenantId: ID, $after: String) {
  vmEvents(vmId: $vmId, tenantId: $tenantId, after: $after) {
    cursor kind at vm { id name status powerState ipAddresses tenant { slug } backend { name } }
  }
}`;

async function history(client: ApiClient, variables: object): Promise<Data[]> {
  const source = client.events(TASK_EVENTS, { ...variables });
  const events = await source.rest();
  await source.close();
  return events.map(({ taskEvents }) => taskEvents);
}

describe('taskEvents of one task', () => {
  it('tell its whole life in order, live, and complete after its end', async () => {
    const { taskId } = await startVm(acme.operator, { name: 'told', templateId });
    const events = await history(acme.viewer, { taskId });
    expect(events[0]).toMatchObject({ kind: 'CREATED', task: { status: 'QUEUED', progress: 0 } });
    expect(events[1]).toMatchObject({ kind: 'STARTED', task: { status: 'RUNNING' } });
    expect(events.at(-1)).toMatchObject({ kind: 'SUCCEEDED', task: { status: 'SUCCEEDED', progress: 100 } });
    const progress = events.map(({ task }) => task.progress);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(new Set(progress).size).toBeGreaterThanOrEqual(5);
    expect(new Set(events.map(({ cursor }) => cursor)).size).toBe(events.length);
    // Each shows the task as the change left it, and not as it is by now.
    expect(events[0].task.steps.map(({ status }: { status: string }) => status)).toEqual(
      Array(5).fill('PENDING'),
    );
  });

  it('are the same when asked for again later, and go on behind any of them', async () => {
    const { taskId } = await startVm(acme.operator, { name: 'again', templateId });
    const all = await history(acme.viewer, { taskId });
    expect(await history(acme.owner, { taskId })).toEqual(all);
    expect(await history(acme.viewer, { taskId, tenantId: acme.id })).toEqual(all);
    const middle = Math.floor(all.length / 2);
    expect(await history(acme.viewer, { taskId, after: all[middle].cursor })).toEqual(all.slice(middle + 1));
    expect(await history(acme.viewer, { taskId, after: all.at(-1).cursor })).toEqual([]);
  });

  it('reach several followers alike', async () => {
    const { taskId } = await startVm(acme.operator, { name: 'followed', templateId });
    const [one, two] = await Promise.all([
      history(acme.viewer, { taskId }),
      history(gateway.admin, { taskId }),
    ]);
    expect(two).toEqual(one);
  });
});

describe('taskEvents of a tenant', () => {
  it('begin with what comes next, and resume without a gap', async () => {
    const first = await startVm(acme.operator, { name: 'before', templateId });
    const known = await history(acme.viewer, { taskId: first.taskId });
    const source = acme.viewer.events(TASK_EVENTS, { after: known.at(-1).cursor });
    const second = await createVm(acme.operator, { name: 'behind', templateId });
    const seen = await source.until(({ taskEvents }) => taskEvents.kind === 'SUCCEEDED');
    expect(seen.taskEvents.task).toMatchObject({ target: { id: second }, tenant: { slug: 'acme' } });
    await source.close();
  });
});

describe('vmEvents', () => {
  it('tell what we do to a VM', async () => {
    const { id, taskId } = await startVm(acme.operator, { name: 'changing', templateId });
    const [created] = await history(acme.viewer, { taskId });
    const source = acme.viewer.events(VM_EVENTS, { vmId: id, after: created.cursor });
    await operated(acme.operator, 'stopVm', { id });
    await operated(acme.operator, 'deleteVm', { id });
    const seen: string[] = [];
    await source.until(({ vmEvents }) => {
      seen.push(vmEvents.vm.status);
      return vmEvents.kind === 'DELETED';
    });
    await source.close();
    expect(seen.filter((status, index) => status !== seen[index - 1])).toEqual([
      'PROVISIONING',
      'RUNNING',
      'STOPPED',
      'DELETING',
      'DELETED',
    ]);
  });

  it('tell what happens behind our back', async () => {
    const networkId = await createNetwork(acme.operator, { name: 'net', cidr: '10.1.0.0/24' });
    const id = await createVm(acme.operator, { name: 'outside', templateId, networkIds: [networkId] });
    const { vm } = await acme.viewer.data('query ($id: ID!) { vm(id: $id) { externalId } }', { id });
    const externalId = vm.externalId as string;
    const source = acme.viewer.events(VM_EVENTS, { vmId: id });
    const begun = source.next();
    await until(async () => {
      const text = await (await fetch(`${gateway.url}/metrics`)).text();
      return /^hypergate_subscriptions_active [1-9]/m.test(text);
    });
    gateway.backend().powerOff(externalId);
    expect((await begun).vmEvents).toMatchObject({
      kind: 'CHANGED',
      vm: { id, status: 'STOPPED', ipAddresses: [] },
    });
    gateway.backend().changeBehindBack(externalId, { powerState: 'POWERED_ON', cpuCount: 8 });
    expect((await source.next()).vmEvents.vm).toMatchObject({ status: 'RUNNING' });
    gateway.backend().rename(externalId, 'renamed-outside');
    expect((await source.next()).vmEvents).toMatchObject({
      kind: 'CHANGED',
      vm: { id, name: 'renamed-outside', status: 'RUNNING' },
    });
    gateway.backend().crash(externalId);
    expect((await source.next()).vmEvents.vm).toMatchObject({ status: 'ERROR', powerState: 'CRASHED' });
    gateway.backend().destroy(externalId);
    expect((await source.next()).vmEvents.vm).toMatchObject({ status: 'UNKNOWN', powerState: 'UNKNOWN' });
    await source.close();
    const after = await acme.viewer.data('query ($id: ID!) { vm(id: $id) { name status cpuCount } }', { id });
    expect(after.vm).toEqual({ name: 'renamed-outside', status: 'UNKNOWN', cpuCount: 8 });
    await operated(acme.operator, 'deleteVm', { id });
  });

  it('of somebody else are not heard of', async () => {
    const bolt = await createTenancy(gateway.admin, 'bolt');
    const { taskId } = await startVm(acme.operator, { name: 'mine', templateId });
    const [created] = await history(acme.viewer, { taskId });
    const source = bolt.viewer.events(VM_EVENTS, { after: created.cursor });
    const theirs = await createVm(bolt.operator, { name: 'theirs', templateId });
    expect((await source.next()).vmEvents.vm).toMatchObject({ id: theirs, tenant: { slug: 'bolt' } });
    await source.close();
  });
});
