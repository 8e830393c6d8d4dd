import type { MoRef, VimStruct } from '../../../src/simulators/vsphere/vim/values';
import { ModelHarness, faultOf } from './model-harness';

describe('the inventory', () => {
  let vc: ModelHarness;
  beforeEach(() => (vc = ModelHarness.start({ vms: 4, datacenters: 2, clusters: 2 })));
  afterEach(() => vc.close());
  const SEARCH: MoRef = { $ref: 'SearchIndex', value: 'SearchIndex' };
  const FIELDS: MoRef = { $ref: 'CustomFieldsManager', value: 'CustomFieldsManager' };
  const vms = () => vc.named('Folder', 'vm');
  const find = (path: string) => vc.call(SEARCH, 'FindByInventoryPath', { inventoryPath: path }) as MoRef;

  test('holds together: every reference leads to an object', () => {
    const dangling: string[] = [];
    const walk = (value: unknown, from: string): void => {
      if (typeof value !== 'object' || value === null) return;
      if ('$ref' in value && !vc.store.get(value as MoRef))
        dangling.push(`${from} → ${JSON.stringify(value)}`);
      for (const one of Object.values(value)) walk(one, from);
    };
    for (const type of TYPES)
      for (const object of vc.store.ofType(type)) walk([...object.properties], object.ref.value);
    expect(dangling).toEqual([]);
    expect(TYPES.filter((type) => vc.store.ofType(type).length === 0)).toEqual([]);
  });

  test('capacity adds up', () => {
    const cluster = vc.named('ClusterComputeResource', 'DC0_C0');
    const hosts = vc.read(cluster, 'host') as MoRef[];
    const sum = hosts.reduce(
      (all, host) => all + (vc.read(host, 'summary.hardware.memorySize') as number),
      0,
    );
    expect(vc.read(cluster, 'summary.totalMemory')).toBe(sum);
    expect(vc.read(cluster, 'summary.numCpuThreads')).toBe(hosts.length * 32);
    for (const { ref } of vc.store.ofType('Datastore')) {
      const machines = vc.read(ref, 'vm') as MoRef[];
      const used = machines.reduce(
        (all, vm) => all + (vc.read(vm, 'summary.storage.committed') as number),
        0,
      );
      expect(vc.read(ref, 'summary.freeSpace')).toBe((vc.read(ref, 'summary.capacity') as number) - used);
    }
  });

  test('a host says what of it a license would count', () => {
    for (const { ref } of vc.store.ofType('HostSystem')) {
      const counted = vc.read(ref, 'licensableResource.resource') as VimStruct[];
      expect(counted.map(({ key, value }) => [key, value])).toEqual([
        ['numCpuPackages', Number(vc.read(ref, 'hardware.cpuInfo.numCpuPackages'))],
        ['numCpuCores', Number(vc.read(ref, 'hardware.cpuInfo.numCpuCores'))],
      ]);
    }
  });

  test('a task says who began it', async () => {
    const own = ModelHarness.start({ vms: 1 }, { userName: 'operator' });
    const { info } = await own.run(own.named('VirtualMachine', 'vm-0000'), 'Rename_Task', {
      newName: 'other',
    });
    expect(info['reason']).toMatchObject({ $type: 'TaskReasonUser', userName: 'operator' });
    await own.close();
  });

  test('the same seed makes the same inventory, another one does not', async () => {
    const same = ModelHarness.start({ vms: 4, datacenters: 2, clusters: 2 });
    const other = ModelHarness.start({ vms: 4, datacenters: 2, clusters: 2, seed: 2 });
    const uuids = (one: ModelHarness) =>
      one.store.ofType('VirtualMachine').map(({ ref }) => one.read(ref, 'config.uuid'));
    expect(uuids(same)).toEqual(uuids(vc));
    expect(uuids(other)).not.toEqual(uuids(vc));
    await same.close();
    await other.close();
  });

  test('folders and pools are made, named once, and found by their path', () => {
    const folder = vc.call(vms(), 'CreateFolder', { name: 'tenants' }) as MoRef;
    const inner = vc.call(folder, 'CreateFolder', { name: 'a/b' }) as MoRef;
    expect(vc.read(inner, 'name')).toBe('a%2fb');
    expect(find('DC0/vm/tenants/a%2fb')).toEqual(inner);
    expect(find('DC0/vm/nobody')).toBeUndefined();
    expect(faultOf(() => vc.call(vms(), 'CreateFolder', { name: 'tenants' }))).toBe('DuplicateName');
    expect(faultOf(() => vc.call(vms(), 'CreateFolder', { name: '' }))).toBe('InvalidName');
    const root = find('DC0/host/DC0_C0/Resources');
    const pool = vc.call(root, 'CreateResourcePool', { name: 'p', spec: {} }) as MoRef;
    expect(vc.read(root, 'resourcePool')).toEqual([pool]);
    const config = { cpuAllocation: { limit: 1000, reservation: 2000 } };
    expect(faultOf(() => vc.call(pool, 'UpdateConfig', { config }))).toBe('InvalidArgument');
    vc.call(pool, 'UpdateConfig', {
      name: 'q',
      config: { cpuAllocation: { limit: 1000, shares: { level: 'high', shares: 0 } } },
    });
    expect(vc.read(pool, 'config.cpuAllocation.limit')).toBe(1000);
    expect(vc.read(pool, 'config.cpuAllocation.shares.shares')).toBe(8000);
    expect(vc.read(pool, 'summary.name')).toBe('q');
  });

  test('a destroyed folder takes its machines along, and none that runs', async () => {
    const folder = vc.call(vms(), 'CreateFolder', { name: 'doomed' }) as MoRef;
    const [running, stopped] = ['vm-0000', 'vm-0001'].map((name) => vc.named('VirtualMachine', name)) as [
      MoRef,
      MoRef,
    ];
    const other = vc.named('VirtualMachine', 'vm-0002');
    const abroad = await vc.run(folder, 'MoveIntoFolder_Task', { list: [other] });
    expect(abroad.fault).toBe('InvalidFolder');
    await vc.run(folder, 'MoveIntoFolder_Task', { list: [running, stopped] });
    expect(vc.read(stopped, 'parent')).toEqual(folder);
    expect((await vc.run(folder, 'Destroy_Task')).fault).toBe('InvalidPowerState');
    await vc.run(running, 'PowerOffVM_Task');
    expect((await vc.run(folder, 'Destroy_Task')).state).toBe('success');
    expect([folder, running, stopped].map((ref) => vc.store.get(ref))).toEqual([null, null, null]);
  });

  test('a destroyed pool gives its machines to its parent', async () => {
    const root = find('DC0/host/DC0_C0/Resources');
    const pool = vc.call(root, 'CreateResourcePool', { name: 'p', spec: {} }) as MoRef;
    const vm = vc.named('VirtualMachine', 'vm-0001');
    await vc.run(vm, 'RelocateVM_Task', { spec: { pool } });
    expect(vc.read(pool, 'vm')).toEqual([vm]);
    await vc.run(pool, 'Destroy_Task');
    expect(vc.read(vm, 'resourcePool')).toEqual(root);
    expect(faultOf(() => vc.call(root, 'Destroy_Task'))).toBe('NotSupported');
  });

  test('machines are found by either UUID', () => {
    const vm = vc.named('VirtualMachine', 'vm-0001');
    const [uuid, instance] = ['config.uuid', 'config.instanceUuid'].map(
      (path) => vc.read(vm, path) as string,
    );
    const by = (one: string, instanceUuid: boolean) =>
      vc.call(SEARCH, 'FindByUuid', { uuid: one, vmSearch: true, instanceUuid });
    expect(by(uuid!, false)).toEqual(vm);
    expect(by(instance!, true)).toEqual(vm);
    expect(by(instance!, false)).toBeUndefined();
  });

  test('custom fields are defined once and set on objects', () => {
    const { key } = vc.call(FIELDS, 'AddCustomFieldDef', {
      name: 'owner',
      moType: 'VirtualMachine',
    }) as { key: number };
    const vm = vc.named('VirtualMachine', 'vm-0001');
    vc.call(FIELDS, 'SetField', { entity: vm, key, value: 'a' });
    expect(vc.read(vm, 'customValue')).toMatchObject([{ key, value: 'a' }]);
    expect(vc.read(vm, 'summary.customValue')).toMatchObject([{ key, value: 'a' }]);
    expect(vc.read(vm, 'availableField')).toMatchObject([{ key, name: 'owner' }]);
    expect(faultOf(() => vc.call(FIELDS, 'AddCustomFieldDef', { name: 'owner' }))).toBe('DuplicateName');
    expect(faultOf(() => vc.call(FIELDS, 'SetField', { entity: vms(), key, value: 'a' }))).toBe(
      'InvalidArgument',
    );
  });

  test('what is gone is ManagedObjectNotFound', () => {
    const gone: MoRef = { $ref: 'VirtualMachine', value: 'vm-9999' };
    expect(faultOf(() => vc.call(gone, 'PowerOnVM_Task'))).toBe('ManagedObjectNotFound');
  });
});

const TYPES = [
  'Folder',
  'Datacenter',
  'ClusterComputeResource',
  'HostSystem',
  'HostNetworkSystem',
  'ResourcePool',
  'Datastore',
  'Network',
  'VmwareDistributedVirtualSwitch',
  'DistributedVirtualPortgroup',
  'VirtualMachine',
  'VirtualMachineSnapshot',
  'TaskManager',
];
