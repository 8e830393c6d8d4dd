import type { MoRef } from '../../../src/simulators/vsphere/vim/values';
import type { Argument } from './model-harness';
import { ModelHarness, faultOf } from './model-harness';

describe('cloning', () => {
  let vc: ModelHarness;
  beforeEach(() => (vc = ModelHarness.start({ vms: 1 })));
  afterEach(() => vc.close());
  const template = (name = 'debian-12') => vc.named('VirtualMachine', name);
  const folder = () => vc.named('Folder', 'vm');
  const pool = () => vc.named('ResourcePool', 'Resources');
  const clone = (name: string, spec: Record<string, Argument> = {}, source = template()) => ({
    folder: folder(),
    name,
    spec: { location: { pool: pool() }, template: false, powerOn: false, ...spec },
    source,
  });
  const run = ({ source, ...args }: ReturnType<typeof clone>) => vc.run(source, 'CloneVM_Task', args);

  test('has its name, its object and its task at once, and its configuration at the end', async () => {
    const { source, ...args } = clone('web');
    const task = vc.call(source, 'CloneVM_Task', args) as MoRef;
    const made = vc.named('VirtualMachine', 'web');
    expect(vc.read(made, 'config')).toBeUndefined();
    expect(vc.read(made, 'recentTask')).toEqual([task]);
    expect((await run(clone('web'))).fault).toBe('DuplicateName');
    const end = await vc.end(task);
    expect(end.result).toEqual(made);
    expect(vc.read(made, 'config.template')).toBe(false);
    expect(vc.read(made, 'config.uuid')).not.toBe(vc.read(source, 'config.uuid'));
    expect(vc.read(made, 'config.hardware.memoryMB')).toBe(1024);
  });

  test('applies the configuration, grows the disk and changes the cards', async () => {
    const [disk] = vc.devices(template(), 'VirtualDisk');
    const [card] = vc.devices(template(), 'VirtualVmxnet3');
    const config = {
      numCPUs: 2,
      memoryMB: 2048,
      extraConfig: [{ key: 'guestinfo.owner', value: 'a' }],
      deviceChange: [
        {
          operation: 'edit',
          device: { $type: 'VirtualDisk', key: disk!['key'] as number, capacityInKB: 20 * 1024 ** 2 },
        },
        { operation: 'remove', device: { $type: 'VirtualVmxnet3', key: card!['key'] as number } },
        {
          operation: 'add',
          device: {
            $type: 'VirtualE1000',
            key: -1,
            backing: { $type: 'VirtualEthernetCardNetworkBackingInfo', deviceName: 'VM Network' },
          },
        },
      ],
    };
    const { result } = await run(clone('web', { config, powerOn: true }));
    const made = result!;
    expect(vc.read(made, 'config.hardware.numCPU')).toBe(2);
    expect(vc.read(made, 'config.extraConfig')).toMatchObject([{ key: 'guestinfo.owner', value: 'a' }]);
    expect(vc.devices(made, 'VirtualDisk')[0]).toMatchObject({ capacityInBytes: { value: 20 * 1024 ** 3 } });
    expect(vc.devices(made, 'VirtualVmxnet3')).toEqual([]);
    expect(vc.devices(made, 'VirtualE1000')[0]).toMatchObject({
      key: 4000,
      macAddress: expect.stringMatching(/^00:50:56:/),
    });
    expect(vc.read(made, 'network')).toEqual([vc.named('Network', 'VM Network')]);
    await vc.until(() => vc.read(made, 'runtime.powerState') === 'poweredOn');
  });

  test('a linked clone needs a snapshot, stands on its disk and does not grow', async () => {
    const source = template('debian-12-linked');
    const snapshot = vc.read(source, 'snapshot.currentSnapshot') as MoRef;
    const location = { pool: pool(), diskMoveType: 'createNewChildDiskBacking' };
    expect(faultOf(() => vc.call(source, 'CloneVM_Task', clone('x', { location }, source)))).toBe(
      'InvalidArgument',
    );
    const { result } = await run(clone('linked', { location, snapshot }, source));
    const [disk] = vc.devices(result!, 'VirtualDisk');
    expect(disk).toMatchObject({
      backing: { parent: { fileName: '[datastore0] debian-12-linked/debian-12-linked.vmdk' } },
    });
    expect(vc.read(result!, 'summary.storage.committed')).toBe(16 * 1024 ** 2);
    const grow = {
      operation: 'edit',
      device: { $type: 'VirtualDisk', key: 2000, capacityInKB: 20 * 1024 ** 2 },
    };
    const grown = await vc.run(result!, 'ReconfigVM_Task', { spec: { deviceChange: [grow] } });
    expect(grown.fault).toBe('InvalidDeviceOperation');
    expect((await vc.run(result!, 'PromoteDisks_Task', { unlink: true })).state).toBe('success');
    const again = await vc.run(result!, 'ReconfigVM_Task', { spec: { deviceChange: [grow] } });
    expect(again.state).toBe('success');
  });

  test('a cancelled, failed or lost clone leaves nothing, and its name is free', async () => {
    const [store] = vc.read(template(), 'datastore') as MoRef[];
    const free = vc.read(store!, 'summary.freeSpace');
    const { source, ...args } = clone('web');
    const task = vc.call(source, 'CloneVM_Task', args) as MoRef;
    expect(vc.read(store!, 'summary.freeSpace')).toBe((free as number) - 8 * 1024 ** 3);
    vc.call(task, 'CancelTask');
    const end = await vc.end(task);
    expect(end).toMatchObject({ fault: 'RequestCanceled', info: { cancelled: true } });
    vc.model.control.failNextTask('CloneVM_Task', 'FileFault');
    expect((await run(clone('web'))).fault).toBe('FileFault');
    vc.model.control.loseNextTask('CloneVM_Task', 'BEFORE_WORK_IS_DONE');
    const lost = vc.call(source, 'CloneVM_Task', args) as MoRef;
    await vc.until(() => vc.store.get(lost) === null);
    expect(() => vc.named('VirtualMachine', 'web')).toThrow('There is no');
    expect(vc.read(store!, 'summary.freeSpace')).toBe(free);
    vc.model.control.loseNextTask('CloneVM_Task', 'AFTER_WORK');
    const late = vc.call(source, 'CloneVM_Task', args) as MoRef;
    await vc.until(() => vc.store.get(late) === null);
    expect(vc.read(vc.named('VirtualMachine', 'web'), 'config.hardware.numCPU')).toBe(1);
  });

  test('the source is not removed under its clone, and clones of one source run together', async () => {
    const tasks = ['a', 'b'].map((name) => vc.call(template(), 'CloneVM_Task', clone(name)) as MoRef);
    expect((await vc.run(template(), 'Destroy_Task')).fault).toBe('TaskInProgress');
    for (const task of tasks) expect((await vc.end(task)).state).toBe('success');
  });

  test('a full datastore is NoDiskSpace', async () => {
    const tiny = ModelHarness.start({
      vms: 0,
      datastores: 1,
      datastoreGib: 30,
      templates: [{ name: 't', diskGib: 16 }],
    });
    const end = await tiny.run(tiny.named('VirtualMachine', 't'), 'CloneVM_Task', {
      folder: tiny.named('Folder', 'vm'),
      name: 'x',
      spec: { location: { pool: tiny.named('ResourcePool', 'Resources') } },
    });
    expect(end.fault).toBe('NoDiskSpace');
    await tiny.close();
  });

  test('a name is escaped, and at most 80 characters long', async () => {
    expect((await run(clone('a/b%c'))).state).toBe('success');
    expect(vc.named('VirtualMachine', 'a%2fb%25c')).toBeDefined();
    expect((await run(clone('n'.repeat(81)))).fault).toBe('InvalidName');
  });
});
