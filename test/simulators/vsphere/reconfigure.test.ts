import type { MoRef } from '../../../src/simulators/vsphere/vim/values';
import type { Argument } from './model-harness';
import { ModelHarness } from './model-harness';

const GIB_IN_KB = 1024 ** 2;

describe('reconfiguration', () => {
  let vc: ModelHarness;
  let vm: MoRef;
  beforeEach(() => {
    vc = ModelHarness.start({ vms: 3 });
    vm = vc.named('VirtualMachine', 'vm-0001');
  });
  afterEach(() => vc.close());
  const reconfigure = (spec: Record<string, Argument>, on = vm) => vc.run(on, 'ReconfigVM_Task', { spec });
  const change = (
    operation: string,
    device: Record<string, Argument>,
    more: Record<string, Argument> = {},
  ) => ({
    operation,
    ...more,
    device: device as Argument,
  });
  const distributed = (name: string) => {
    const group = vc.named('DistributedVirtualPortgroup', name);
    const owner = vc.read(group, 'config.distributedVirtualSwitch') as MoRef;
    return {
      $type: 'VirtualEthernetCardDistributedVirtualPortBackingInfo',
      port: { switchUuid: vc.read(owner, 'uuid') as string, portgroupKey: group.value },
    };
  };

  test('the change version is checked, and advances', async () => {
    const version = vc.read(vm, 'config.changeVersion') as string;
    expect((await reconfigure({ changeVersion: version, numCPUs: 2 })).state).toBe('success');
    expect(vc.read(vm, 'config.changeVersion')).not.toBe(version);
    expect((await reconfigure({ changeVersion: version, numCPUs: 4 })).fault).toBe('ConcurrentAccess');
    expect(vc.read(vm, 'summary.config.numCpu')).toBe(2);
  });

  test('options are merged by key, and an empty value removes', async () => {
    const options = (...pairs: string[][]) => ({
      extraConfig: pairs.map(([key, value]) => ({ key: key!, value: value! })),
    });
    await reconfigure(options(['a', '1'], ['b', '2']));
    await reconfigure(options(['a', '3'], ['b', ''], ['c', '4']));
    expect(vc.read(vm, 'config.extraConfig')).toMatchObject([
      { key: 'a', value: '3' },
      { key: 'c', value: '4' },
    ]);
  });

  test('a running machine keeps its size unless hot add is enabled, and then only grows', async () => {
    const running = vc.named('VirtualMachine', 'vm-0000');
    expect((await reconfigure({ numCPUs: 2 }, running)).fault).toBe('InvalidPowerState');
    expect((await reconfigure({ memoryMB: 2048 }, running)).fault).toBe('InvalidPowerState');
    await reconfigure({ cpuHotAddEnabled: true, numCPUs: 2 });
    await vc.run(vm, 'PowerOnVM_Task');
    expect((await reconfigure({ numCPUs: 4 })).state).toBe('success');
    expect((await reconfigure({ numCPUs: 2 })).fault).toBe('InvalidPowerState');
  });

  test('sizes that cannot be are invalid', async () => {
    expect((await reconfigure({ memoryMB: 1023 })).fault).toBe('InvalidArgument');
    expect((await reconfigure({ numCPUs: 3, numCoresPerSocket: 2 })).fault).toBe('InvalidArgument');
    expect(() => vc.call(vm, 'ReconfigVM_Task', { spec: { numCPUs: 0 } })).toThrow('configSpec.numCPUs');
  });

  test('a disk grows on a running machine, never shrinks, and does not grow under a snapshot', async () => {
    const running = vc.named('VirtualMachine', 'vm-0000');
    const to = (gib: number) => ({
      deviceChange: [change('edit', { $type: 'VirtualDisk', key: 2000, capacityInKB: gib * GIB_IN_KB })],
    });
    expect((await reconfigure(to(20), running)).state).toBe('success');
    expect(vc.devices(running, 'VirtualDisk')[0]).toMatchObject({ capacityInKB: { value: 20 * GIB_IN_KB } });
    const shrunk = await reconfigure(to(10), running);
    expect(shrunk).toMatchObject({ fault: 'InvalidDeviceOperation' });
    await vc.run(running, 'CreateSnapshot_Task', { name: 's', memory: false, quiesce: false });
    expect((await reconfigure(to(30), running)).fault).toBe('InvalidDeviceOperation');
  });

  test('devices added under temporary keys find each other, and get keys of their own', async () => {
    const end = await reconfigure({
      deviceChange: [
        change('add', { $type: 'ParaVirtualSCSIController', key: -1, busNumber: 1, sharedBus: 'noSharing' }),
        change(
          'add',
          { $type: 'VirtualDisk', key: -2, controllerKey: -1, unitNumber: 0, capacityInKB: GIB_IN_KB },
          { fileOperation: 'create' },
        ),
      ],
    });
    expect(end.state).toBe('success');
    const added = vc.devices(vm, 'VirtualDisk')[1]!;
    expect(added).toMatchObject({ key: 2016, controllerKey: 1001, unitNumber: 0 });
    expect(vc.devices(vm, 'ParaVirtualSCSIController')[1]).toMatchObject({
      key: 1001,
      device: { items: [2016] },
    });
    const [store] = vc.read(vm, 'datastore') as MoRef[];
    const free = vc.read(store!, 'summary.freeSpace') as number;
    await reconfigure({
      deviceChange: [change('remove', { $type: 'VirtualDisk', key: 2016 }, { fileOperation: 'destroy' })],
    });
    expect(vc.read(store!, 'summary.freeSpace')).toBe(free + 1024 ** 3);
  });

  test('all or nothing: a bad change leaves the good ones undone', async () => {
    const before = vc.read(vm, 'config.changeVersion');
    const end = await reconfigure({
      numCPUs: 4,
      deviceChange: [
        change('add', { $type: 'VirtualVmxnet3', key: -1, backing: distributed('DC0-DVPG0') }),
        change('edit', { $type: 'VirtualDisk', key: 2777 }),
      ],
    });
    expect(end).toMatchObject({ fault: 'InvalidDeviceSpec', info: { error: { fault: { deviceIndex: 1 } } } });
    expect(vc.read(vm, 'config.changeVersion')).toBe(before);
    expect(vc.devices(vm, 'VirtualVmxnet3')).toHaveLength(1);
  });

  test('cards have addresses of their own, and only networks that there are', async () => {
    const add = (backing: Record<string, Argument>, more: Record<string, Argument> = {}) =>
      reconfigure({ deviceChange: [change('add', { $type: 'VirtualVmxnet3', key: -1, backing, ...more })] });
    expect((await add(distributed('DC0-DVPG0'))).state).toBe('success');
    expect((await add(distributed('DC0-DVS0-DVUplinks'))).fault).toBe('InvalidDeviceBacking');
    const nowhere = { $type: 'VirtualEthernetCardNetworkBackingInfo', deviceName: 'nowhere' };
    expect((await add(nowhere)).fault).toBe('InvalidDeviceBacking');
    const manual = { addressType: 'manual', macAddress: '02:00:00:00:00:07' };
    expect((await add(distributed('DC0-DVPG0'), manual)).state).toBe('success');
    const cards = vc.store
      .ofType('VirtualMachine')
      .flatMap(({ ref }) => vc.devices(ref, 'VirtualVmxnet3').map((card) => card['macAddress']));
    expect(new Set(cards).size).toBe(cards.length);
    expect(cards).toContain('02:00:00:00:00:07');
  });

  test('a machine is created from nothing, and removed with its disk', async () => {
    const store = vc.named('Datastore', 'datastore1');
    const free = vc.read(store, 'summary.freeSpace');
    const config = {
      name: 'fresh',
      files: { vmPathName: '[datastore1]' },
      memoryMB: 512,
      deviceChange: [
        change('add', { $type: 'VirtualLsiLogicController', key: -1, busNumber: 0 }),
        change(
          'add',
          { $type: 'VirtualDisk', key: -2, controllerKey: -1, unitNumber: -1, capacityInKB: GIB_IN_KB },
          { fileOperation: 'create' },
        ),
      ],
    };
    const pool = vc.named('ResourcePool', 'Resources');
    const folder = vc.named('Folder', 'vm');
    const { result } = await vc.run(folder, 'CreateVM_Task', { config, pool });
    expect(vc.read(result!, 'config.hardware.memoryMB')).toBe(512);
    expect(vc.read(store, 'summary.freeSpace')).toBe((free as number) - 1024 ** 3);
    expect((await vc.run(folder, 'CreateVM_Task', { config, pool })).fault).toBe('DuplicateName');
    await vc.run(result!, 'PowerOnVM_Task');
    expect((await vc.run(result!, 'Destroy_Task')).fault).toBe('InvalidPowerState');
    await vc.run(result!, 'PowerOffVM_Task');
    await vc.run(result!, 'Destroy_Task');
    expect(vc.store.get(result!)).toBeNull();
    expect(vc.read(store, 'summary.freeSpace')).toBe(free);
    expect(vc.read(folder, 'childEntity')).not.toContainEqual(result);
  });
});
