import type { MoRef } from '../../../src/simulators/vsphere/vim/values';
import type { Argument } from './model-harness';
import { ModelHarness, faultOf } from './model-harness';

describe('networks', () => {
  let vc: ModelHarness;
  beforeEach(() => (vc = ModelHarness.start({ vms: 2 })));
  afterEach(() => vc.close());
  const owner = () => vc.named('VmwareDistributedVirtualSwitch', 'DC0-DVS0');
  const vlan = (vlanId: number) => ({
    defaultPortConfig: {
      $type: 'VMwareDVSPortSetting',
      vlan: { $type: 'VmwareDistributedVirtualSwitchVlanIdSpec', inherited: false, vlanId },
    },
  });
  const spec = (name: string, id = 100): Record<string, Argument> => ({
    name,
    ...vlan(id),
    type: 'earlyBinding',
  });

  test('distributed port groups are added, reconfigured by version, renamed and destroyed', async () => {
    await vc.run(owner(), 'AddDVPortgroup_Task', { spec: [spec('a'), spec('b', 7)] });
    const group = vc.named('DistributedVirtualPortgroup', 'b');
    expect(vc.read(group, 'config.defaultPortConfig.vlan.vlanId')).toBe(7);
    expect(vc.read(owner(), 'portgroup')).toContainEqual(group);
    expect(vc.read(owner(), 'summary.portgroupName')).toEqual(expect.arrayContaining(['a', 'b']));
    expect(vc.read(vc.named('Datacenter', 'DC0'), 'network')).toContainEqual(group);
    const configVersion = vc.read(group, 'config.configVersion') as string;
    const changed = { configVersion, ...vlan(8) };
    expect((await vc.run(group, 'ReconfigureDVPortgroup_Task', { spec: changed })).state).toBe('success');
    expect(vc.read(group, 'config.defaultPortConfig.vlan.vlanId')).toBe(8);
    const stale = await vc.run(group, 'ReconfigureDVPortgroup_Task', { spec: changed });
    expect(stale.fault).toBe('ConcurrentAccess');
    await vc.run(group, 'Rename_Task', { newName: 'c' });
    expect(vc.read(owner(), 'summary.portgroupName')).toContain('c');
    await vc.run(group, 'Destroy_Task');
    expect(vc.store.get(group)).toBeNull();
    expect(vc.read(owner(), 'summary.portgroupName')).not.toContain('c');
  });

  test('the single form answers the port group; a name is taken once', async () => {
    const end = await vc.run(owner(), 'CreateDVPortgroup_Task', { spec: spec('a') });
    expect(end.result).toEqual(vc.named('DistributedVirtualPortgroup', 'a'));
    expect((await vc.run(owner(), 'CreateDVPortgroup_Task', { spec: spec('a') })).fault).toBe(
      'DuplicateName',
    );
    expect(faultOf(() => vc.call(owner(), 'CreateDVPortgroup_Task', { spec: spec('x', 4095) }))).toBe(
      'InvalidArgument',
    );
  });

  test('a port group in use is not destroyed', async () => {
    const group = vc.named('DistributedVirtualPortgroup', 'DC0-DVPG0');
    expect((vc.read(group, 'vm') as MoRef[]).length).toBe(6);
    expect((await vc.run(group, 'Destroy_Task')).fault).toBe('ResourceInUse');
  });

  test('standard port groups are per host, and one network for all of a name', async () => {
    const [first, second] = vc.store.ofType('HostNetworkSystem').map(({ ref }) => ref) as [MoRef, MoRef];
    const portgrp = (name: string, vswitchName = 'vSwitch0', vlanId = 5) => ({
      portgrp: { name, vlanId, vswitchName, policy: {} },
    });
    vc.call(first, 'AddPortGroup', portgrp('lan'));
    expect(faultOf(() => vc.call(first, 'AddPortGroup', portgrp('lan')))).toBe('AlreadyExists');
    expect(faultOf(() => vc.call(first, 'AddPortGroup', portgrp('x', 'vSwitch9')))).toBe('NotFound');
    expect(faultOf(() => vc.call(first, 'AddPortGroup', portgrp('x', 'vSwitch0', 4096)))).toBe(
      'InvalidArgument',
    );
    vc.call(second, 'AddPortGroup', portgrp('lan'));
    const network = vc.named('Network', 'lan');
    expect(vc.read(network, 'host')).toHaveLength(2);
    expect(vc.read(first, 'networkInfo.portgroup')).toHaveLength(2);
    vc.call(first, 'RemovePortGroup', { pgName: 'lan' });
    expect(vc.read(network, 'host')).toHaveLength(1);
    vc.call(second, 'RemovePortGroup', { pgName: 'lan' });
    expect(vc.store.get(network)).toBeNull();
    expect(faultOf(() => vc.call(second, 'RemovePortGroup', { pgName: 'lan' }))).toBe('NotFound');
  });

  test('a standard port group that a machine is on stays', async () => {
    const vm = vc.named('VirtualMachine', 'vm-0001');
    const backing = { $type: 'VirtualEthernetCardNetworkBackingInfo', deviceName: 'VM Network' };
    const edit = { operation: 'edit', device: { $type: 'VirtualVmxnet3', key: 4000, backing } };
    expect((await vc.run(vm, 'ReconfigVM_Task', { spec: { deviceChange: [edit] } })).state).toBe('success');
    expect(vc.read(vc.named('Network', 'VM Network'), 'vm')).toEqual([vm]);
    const host = vc.read(vm, 'runtime.host') as MoRef;
    const system = vc.read(host, 'configManager.networkSystem') as MoRef;
    expect(faultOf(() => vc.call(system, 'RemovePortGroup', { pgName: 'VM Network' }))).toBe('ResourceInUse');
  });
});
