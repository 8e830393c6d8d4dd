import type { MoRef, VimArray, VimStruct } from '../../../src/simulators/vsphere/vim/values';
import { ModelHarness } from './model-harness';

describe('snapshots', () => {
  let vc: ModelHarness;
  let vm: MoRef;
  beforeEach(() => {
    vc = ModelHarness.start({ vms: 2 });
    vm = vc.named('VirtualMachine', 'vm-0001');
  });
  afterEach(() => vc.close());
  const take = async (name: string) =>
    (await vc.run(vm, 'CreateSnapshot_Task', { name, memory: false, quiesce: false })).result!;
  const backing = () => vc.devices(vm, 'VirtualDisk')[0]!['backing'] as VimStruct;
  const BASE = '[datastore1] vm-0001/vm-0001.vmdk';

  test('stand in a tree, and reverting brings the configuration back', async () => {
    const first = await take('first');
    await vc.run(vm, 'ReconfigVM_Task', { spec: { numCPUs: 4 } });
    const second = await take('second');
    expect(vc.read(vm, 'snapshot.currentSnapshot')).toEqual(second);
    expect(vc.read(first, 'childSnapshot')).toEqual([second]);
    expect(vc.read(vm, 'snapshot.rootSnapshotList')).toMatchObject([
      { name: 'first', childSnapshotList: { items: [{ name: 'second' }] } },
    ]);
    await vc.run(first, 'RevertToSnapshot_Task');
    expect(vc.read(vm, 'config.hardware.numCPU')).toBe(1);
    expect(vc.read(vm, 'snapshot.currentSnapshot')).toEqual(first);
  });

  test('a running machine that reverts to a snapshot without memory is off', async () => {
    const snapshot = await take('off');
    await vc.run(vm, 'PowerOnVM_Task');
    await vc.run(snapshot, 'RevertToSnapshot_Task');
    expect(vc.read(vm, 'runtime.powerState')).toBe('poweredOff');
  });

  test('removing one merges its chain, removing all leaves one plain disk', async () => {
    const first = await take('first');
    const second = await take('second');
    expect(backing()).toMatchObject({ parent: { parent: { fileName: BASE } } });
    await vc.run(first, 'RemoveSnapshot_Task', { removeChildren: false });
    expect(vc.store.get(first)).toBeNull();
    expect(vc.read(vm, 'rootSnapshot')).toEqual([second]);
    expect(backing()).toMatchObject({ parent: { fileName: BASE } });
    expect((backing()['parent'] as VimStruct)['parent']).toBeUndefined();
    await vc.run(vm, 'RemoveAllSnapshots_Task');
    expect(vc.read(vm, 'snapshot')).toBeUndefined();
    expect(backing()).toMatchObject({ fileName: BASE });
    expect(backing()['parent']).toBeUndefined();
    expect(vc.read(vm, 'summary.storage.committed')).toBe(16 * 1024 ** 3);
  });

  test('where two branches stand on a snapshot its removal keeps the file', async () => {
    const first = await take('first');
    const second = await take('second');
    await vc.run(first, 'RevertToSnapshot_Task');
    await vc.run(first, 'RemoveSnapshot_Task', { removeChildren: false });
    expect(backing()).toMatchObject({ parent: { fileName: BASE } });
    const frozen = vc.store.read(second, 'config.hardware.device') as VimArray;
    const disk = (frozen.items as VimStruct[]).find((device) => device.$type === 'VirtualDisk');
    expect(disk).toMatchObject({ backing: { parent: { fileName: BASE } } });
  });
});
