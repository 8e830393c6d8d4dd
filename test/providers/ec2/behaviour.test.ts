import type { AppError } from '../../../src/kernel';
import type { BackendEvent, NetworkSpec } from '../../../src/providers/contract';
import type { Ec2Simulator } from '../../../src/simulators/ec2/start';
import { expectCode, rejection } from '../../conformance/error-codes';
import { pause } from '../../conformance/pause';
import { Caller } from './caller';
import { holdings } from './outsider';
import { startSimulator } from './simulator';

const KEYS = [
  'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBA== a@example',
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl b@example',
];

let simulator: Ec2Simulator;
let caller: Caller;

beforeEach(async () => {
  simulator = await startSimulator();
  caller = new Caller(simulator);
});

afterEach(async () => {
  await caller.provider.close();
  await simulator.close();
});

const create = (spec = caller.vmSpec()) =>
  caller.settle(() => caller.provider.createVm(spec, caller.context));

const remove = (marker: ReturnType<Caller['newMarker']>) =>
  caller.settle(() => caller.provider.deleteVm({ externalId: '', marker }, caller.context));

describe('a launch that was accepted and fails late', () => {
  it('is a failure for want of capacity, and leaves nothing when it is removed', async () => {
    const before = await holdings(simulator);
    const spec = caller.vmSpec({ sshKeys: KEYS });
    simulator.control.failNextLaunch('Server.InsufficientInstanceCapacity');
    await expectCode(create(spec), 'RESOURCE_EXHAUSTED');
    expect(await caller.provider.locateVm(spec.marker, caller.context)).toBeNull();
    await remove(spec.marker);
    expect(await holdings(simulator)).toEqual(before);
  });

  it('is followed by another one when the creation is tried again', async () => {
    const spec = caller.vmSpec();
    simulator.control.failNextLaunch('Client.VolumeLimitExceeded');
    await expectCode(create(spec), 'RESOURCE_EXHAUSTED');
    simulator.control.failNextLaunch('Server.InsufficientInstanceCapacity');
    await expectCode(create(spec), 'RESOURCE_EXHAUSTED');
    const vm = await create(spec);
    expect(vm.powerState).toBe('POWERED_ON');
    expect((await create(spec)).externalId).toBe(vm.externalId);
    expect(simulator.control.instances()).toHaveLength(3);
  });

  it('is followed by another one also when the dead one is no longer listed', async () => {
    const brief = await startSimulator({ terminatedMs: 0 });
    const other = new Caller(brief);
    try {
      const spec = other.vmSpec();
      const again = () => other.settle(() => other.provider.createVm(spec, other.context));
      const first = await again();
      brief.control.terminateBehindBack(first.externalId);
      while (brief.control.instances().length > 0) await pause(5);
      expect((await again()).externalId).not.toBe(first.externalId);
    } finally {
      await other.provider.close();
      await brief.close();
    }
  });
});

describe('what EC2 refuses', () => {
  it.each([
    ['InstanceLimitExceeded', 'RESOURCE_EXHAUSTED'],
    ['InsufficientInstanceCapacity', 'RESOURCE_EXHAUSTED'],
    ['UnauthorizedOperation', 'FAILED_PRECONDITION'],
  ] as const)('a launch with %s leaves nothing when it is removed', async (code, expected) => {
    const before = await holdings(simulator);
    const spec = caller.vmSpec({ sshKeys: KEYS });
    simulator.control.refuseNext('RunInstances', code);
    await expectCode(create(spec), expected);
    await remove(spec.marker);
    expect(await holdings(simulator)).toEqual(before);
  });

  it('a start for want of capacity leaves the VM stopped', async () => {
    const spec = caller.vmSpec();
    const ref = { externalId: (await create(spec)).externalId, marker: spec.marker };
    await caller.settle(() => caller.provider.stopVm(ref, 'GRACEFUL', caller.context));
    simulator.control.refuseNext('StartInstances', 'InsufficientInstanceCapacity');
    await expectCode(caller.provider.startVm(ref, caller.context), 'RESOURCE_EXHAUSTED');
    const seen = await caller.provider.getVm(ref, caller.context);
    expect(seen?.powerState).toBe('POWERED_OFF');
  });

  it('a disk that may not be changed leaves the type as it was', async () => {
    const spec = caller.vmSpec();
    const vm = await create(spec);
    const ref = { externalId: vm.externalId, marker: spec.marker };
    await caller.settle(() => caller.provider.stopVm(ref, 'FORCED', caller.context));
    simulator.control.refuseNext('ModifyVolume', 'VolumeModificationRateExceeded');
    const size = { cpuCount: vm.cpuCount + 1, diskGib: vm.diskGib + 1 };
    await expectCode(caller.provider.resizeVm(ref, size, caller.context), 'FAILED_PRECONDITION');
    const { cpuCount, memoryMib, diskGib } = vm;
    expect(await caller.provider.getVm(ref, caller.context)).toMatchObject({ cpuCount, memoryMib, diskGib });
    expect(simulator.control.requests('ModifyInstanceAttribute')).toBe(2);
  });

  it('too much user data and too many labels are refused before anything is made', async () => {
    const labels = Object.fromEntries(Array.from({ length: 60 }, (_none, index) => [`l${index}`, 'x']));
    const fields: unknown[] = [];
    for (const changes of [{ userData: `#!/bin/sh\n${'x'.repeat(16_384)}` }, { labels }]) {
      const error = await expectCode(
        create(caller.vmSpec({ ...changes, sshKeys: KEYS })),
        'INVALID_ARGUMENT',
      );
      fields.push(error.details?.['field']);
    }
    expect(fields).toEqual(['spec.userData', 'spec.labels']);
    expect(simulator.control.requests('ImportKeyPair')).toBe(0);
  });

  it('the gateway itself says so without telling its keys', async () => {
    const secretAccessKey = 'not-the-secret-7f3a';
    const stranger = new Caller(simulator, { secretAccessKey });
    const error: AppError = await rejection(stranger.provider.probe(stranger.context));
    await stranger.provider.close();
    expect(error).toMatchObject({ code: 'FAILED_PRECONDITION', retryable: false });
    const told: unknown[] = [];
    for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
      told.push(cause.message, cause.stack, { ...cause });
    expect(JSON.stringify(told)).not.toContain(secretAccessKey);
    expect(JSON.stringify(told)).not.toContain('Signature=');
  });
});

describe('requests', () => {
  it('are shared by reads at the same time', async () => {
    const specs = Array.from({ length: 50 }, () => caller.vmSpec());
    const made = await Promise.all(specs.map((spec) => create(spec)));
    const before = simulator.control.requests('DescribeInstances');
    const seen = await Promise.all(
      specs.map(({ marker }, index) =>
        caller.provider.getVm({ externalId: made[index]?.externalId ?? '', marker }, caller.context),
      ),
    );
    expect(seen.map((vm) => vm?.externalId)).toEqual(made.map(({ externalId }) => externalId));
    expect(simulator.control.requests('DescribeInstances') - before).toBe(1);
  });

  it('of the feed are shared by all that listen', async () => {
    const slow = new Caller(simulator, { pollIntervalMs: 60_000 });
    const controller = new AbortController();
    const heard: BackendEvent[] = [];
    const feeds = Array.from({ length: 20 }, () =>
      slow.provider.watch((event) => void heard.push(event), controller.signal),
    );
    while (heard.length < 20) await pause(5);
    controller.abort();
    await Promise.all(feeds);
    await slow.provider.close();
    expect(heard.every(({ type }) => type === 'RESYNC')).toBe(true);
    // One for the first that came, and one for all that came meanwhile.
    expect(simulator.control.requests('DescribeInstances')).toBeLessThanOrEqual(2);
  });
});

describe('a network that is half made', () => {
  const spec = (): NetworkSpec => ({
    marker: caller.newMarker('network'),
    name: 'net',
    mode: 'NAT',
    cidr: '10.20.0.0/24',
  });
  const make = (network: NetworkSpec) =>
    caller.settle(() => caller.provider.createNetwork(network, caller.context));

  it.each(['CreateSubnet', 'CreateInternetGateway', 'AttachInternetGateway', 'CreateRoute', 'CreateTags'])(
    'because %s was refused is shown to nobody, and is finished or removed',
    async (action) => {
      const before = await holdings(simulator);
      const [finished, removed] = [spec(), spec()];
      for (const network of [finished, removed]) {
        simulator.control.refuseNext(action, 'ResourceLimitExceeded');
        await expectCode(make(network), 'RESOURCE_EXHAUSTED');
        expect(await caller.provider.locateNetwork(network.marker, caller.context)).toBeNull();
      }
      const { externalId } = await make(finished);
      const located = await caller.provider.locateNetwork(finished.marker, caller.context);
      expect(located).toMatchObject({ externalId, active: true });
      for (const { marker } of [finished, removed])
        await caller.settle(() => caller.provider.deleteNetwork({ externalId: '', marker }, caller.context));
      expect(await holdings(simulator)).toEqual(before);
    },
  );

  it('of a length that EC2 does not take is refused', async () => {
    for (const cidr of ['10.0.0.0/8', '10.0.0.0/29'])
      await expectCode(make({ ...spec(), cidr }), 'INVALID_ARGUMENT');
  });

  it('gives VMs a public address where it is NAT, and none where it is isolated', async () => {
    const addresses = async (mode: 'NAT' | 'ISOLATED') => {
      const { externalId } = await make({ ...spec(), mode });
      const vm = await create(caller.vmSpec({ networks: [{ externalId }] }));
      return vm.nics.map(({ ipAddresses }) => ipAddresses.map((address) => address.startsWith('10.20.0.')));
    };
    expect(await addresses('NAT')).toEqual([[true, false]]);
    expect(await addresses('ISOLATED')).toEqual([[true]]);
  });
});
