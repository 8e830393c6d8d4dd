import type { GatewayClient } from '../support/gateway-client';
import { GatewayOnLibvirt, TEMPLATE_VOLUME } from '../support/gateway-on-libvirt';
import {
  createNetwork,
  createVm,
  deleteNetwork,
  operateVm,
  welcomeCustomer,
} from '../support/gateway-requests';
import { OperatedVm } from '../support/operated-vm';
import { followTask } from '../support/task-follower';

jest.setTimeout(180_000);

const VM_EVENTS = `subscription ($id: ID!) {
  vmEvents(vmId: $id) { kind vm { status ipAddresses } }
}`;

let stage: GatewayOnLibvirt;

beforeAll(async () => {
  stage = await GatewayOnLibvirt.make();
  await stage.home.start();
  await stage.backendIs('ONLINE');
});

afterAll(async () => {
  await stage.remove();
});

describe('one mutation', () => {
  it('becomes a booted guest that can be operated and leaves nothing behind', async () => {
    const customer = await welcomeCustomer(stage.administrator, {
      backend: 'lab',
      imageRef: TEMPLATE_VOLUME,
    });
    const { operator, templateId } = customer;
    const network = await createNetwork(operator, {
      backend: 'lab',
      name: 'front',
      cidr: '10.77.0.0/24',
      mode: 'NAT',
    });
    const made = await createVm(operator, {
      name: 'web-1',
      templateId,
      backend: 'lab',
      memoryMib: 128,
      diskGib: 1,
      networkIds: [network.id],
      userData: '#cloud-config\n{}\n',
      sshKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE operator'],
    });
    const vm = new OperatedVm(operator, made.id);
    const vmEvents = operator.subscribe(VM_EVENTS, { id: vm.id });
    const addressed = vmEvents.until(({ vmEvents: { vm: seen } }) => seen.ipAddresses.length > 0);

    expect((await followTask(operator, network.taskId)).at(-1)?.kind).toBe('SUCCEEDED');
    await followsCreation(operator, made.taskId);
    expect(await vm.look()).toMatchObject({ status: 'RUNNING', cpuCount: 1, memoryMib: 128, diskGib: 1 });
    expect(await stage.virsh.domains()).toHaveLength(1);

    const [address] = (await addressed).vmEvents.vm.ipAddresses as string[];
    await vmEvents.close();
    expect(address).toMatch(/^10\.77\.0\.\d+$/);
    await vm.logs('GUEST-READY', 1);
    expect(await vm.consoleLog()).toContain(`DHCP-OK eth0 ${address}`);
    expect(await vm.look()).toMatchObject({
      ipAddresses: [address],
      networks: [{ network: { name: 'front' }, ipAddresses: [address] }],
    });

    await isStoppedAndStarted(vm);
    await isSuspendedAndResumed(vm);
    await isResized(operator, vm);
    await isDeleted(operator, vm, network.id);
  });
});

async function followsCreation(operator: GatewayClient, taskId: string): Promise<void> {
  const events = await followTask(operator, taskId);
  expect(events[0]).toMatchObject({ kind: 'CREATED', task: { status: 'QUEUED', progress: 0 } });
  const progress = events.map(({ task }) => task.progress);
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
  expect(new Set(progress).size).toBeGreaterThanOrEqual(5);
  expect(events.at(-1)).toMatchObject({
    kind: 'SUCCEEDED',
    task: { status: 'SUCCEEDED', progress: 100, attempts: 1, error: null },
  });
  expect(events.at(-1)?.task.steps.map(({ status }) => status)).not.toContainEqual(
    expect.not.stringMatching('SUCCEEDED'),
  );
}

async function isStoppedAndStarted(vm: OperatedVm): Promise<void> {
  await vm.operate('stopVm');
  expect(await vm.look()).toMatchObject({ status: 'STOPPED', powerState: 'POWERED_OFF' });
  expect(await vm.timesLogged('GUEST-POWEROFF')).toBe(1);

  await vm.operate('startVm');
  expect(await vm.look()).toMatchObject({ status: 'RUNNING' });
  await vm.logs('GUEST-READY', 2);

  await vm.operate('rebootVm');
  await vm.logs('GUEST-READY', 3);
  expect(await vm.look()).toMatchObject({ status: 'RUNNING' });
}

async function isSuspendedAndResumed(vm: OperatedVm): Promise<void> {
  await vm.operate('suspendVm');
  expect(await vm.look()).toMatchObject({ status: 'SUSPENDED' });
  await vm.operate('resumeVm');
  expect(await vm.look()).toMatchObject({ status: 'RUNNING' });
  // It went on where it was instead of booting.
  expect(await vm.timesLogged('GUEST-UP')).toBe(3);
}

async function isResized(operator: GatewayClient, vm: OperatedVm): Promise<void> {
  const size = { cpuCount: 2, memoryMib: 160, diskGib: 2 };
  await expect(operateVm(operator, 'resizeVm', { id: vm.id, ...size })).rejects.toMatchObject({
    code: 'FAILED_PRECONDITION',
    details: { reason: 'NEEDS_STOP' },
  });
  expect(await vm.look()).toMatchObject({ status: 'RUNNING', cpuCount: 1, memoryMib: 128, diskGib: 1 });

  await vm.operate('resizeVm', { ...size, allowRestart: true });
  expect(await vm.look()).toMatchObject({ status: 'RUNNING', ...size });
  await vm.logs('GUEST-READY', 4);
  const log = await vm.consoleLog();
  expect(log).toContain('cpus=2');
  // 2 GiB in sectors of 512 bytes.
  expect(log).toContain('DISK vda sectors=4194304');
}

async function isDeleted(operator: GatewayClient, vm: OperatedVm, networkId: string): Promise<void> {
  await expect(deleteNetwork(operator, networkId)).rejects.toMatchObject({ code: 'FAILED_PRECONDITION' });
  await vm.operate('deleteVm');
  expect(await vm.look()).toMatchObject({ status: 'DELETED', ipAddresses: [] });
  const going = await deleteNetwork(operator, networkId);
  expect((await followTask(operator, going.taskId)).at(-1)?.kind).toBe('SUCCEEDED');
  expect(await stage.leftovers()).toEqual([]);
}
