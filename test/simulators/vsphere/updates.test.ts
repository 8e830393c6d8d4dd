import { array, enumeration, moRef } from '../../../src/simulators/vsphere/vim/values';
import type { VimStruct } from '../../../src/simulators/vsphere/vim/values';
import { serve } from './serve';
import type { Stage } from './serve';
import { objectSet, propSet, refXml, selection, traversal } from './specs';
import { UpdateClient, readUpdates } from './update-client';

const ON = enumeration('VirtualMachinePowerState', 'poweredOn');
const OFF = enumeration('VirtualMachinePowerState', 'poweredOff');

describe('the wait for updates', () => {
  let stage: Stage;
  let updates: UpdateClient;
  beforeEach(async () => {
    stage = await serve({ vms: 5 });
    updates = await UpdateClient.open(stage.client);
  });
  afterEach(() => stage.close());

  it('tells everything first, then what changes, in growing versions', async () => {
    await updates.watchVms(stage.ref.root, ['name', 'runtime.powerState', 'toast']);
    const first = await updates.wait();
    expect(first!.updates).toHaveLength(5);
    expect(first!.updates[0]).toEqual({
      kind: 'enter',
      id: 'vm-1',
      changes: { name: 'vm 0', 'runtime.powerState': 'poweredOff' },
      missing: ['toast'],
    });
    expect(await updates.wait({ seconds: 0 })).toBeNull();
    stage.store.update(stage.vms[2]!, { 'runtime.powerState': ON });
    const second = await updates.wait();
    expect(second!.updates).toEqual([
      { kind: 'modify', id: 'vm-3', changes: { 'runtime.powerState': 'poweredOn' }, missing: [] },
    ]);
    expect(Number(second!.version)).toBeGreaterThan(Number(first!.version));
  });

  it('wakes a waiting call, and tells the changes of one moment together', async () => {
    await updates.watchVms(stage.ref.root, ['runtime.powerState']);
    await updates.wait();
    const waiting = updates.wait();
    await stage.client.call('CurrentTime', ['ServiceInstance', 'ServiceInstance']);
    for (const vm of stage.vms) stage.store.update(vm, { 'runtime.powerState': ON });
    expect((await waiting)!.updates.map((one) => one.id)).toEqual(['vm-1', 'vm-2', 'vm-3', 'vm-4', 'vm-5']);
  });

  it('follows objects into a view and out of it', async () => {
    const inner = stage.store.add(moRef('Folder', 'group-v2'), { name: 'inner', parent: stage.ref.vmFolder });
    await updates.watchVms(inner.ref, ['name']);
    expect(await updates.wait({ seconds: 0 })).toBeNull();
    const kinds = async () => (await updates.wait())!.updates.map((one) => [one.kind, one.id]);
    const born = stage.addVm('born', inner.ref);
    expect(await kinds()).toEqual([['enter', born.value]]);
    stage.store.update(stage.vms[0]!, { parent: inner.ref });
    expect(await kinds()).toEqual([['enter', 'vm-1']]);
    stage.store.update(born, { parent: stage.ref.vmFolder });
    stage.store.remove(stage.vms[0]!);
    expect(await kinds()).toEqual([
      ['leave', born.value],
      ['leave', 'vm-1'],
    ]);
    const outer = stage.store.add(moRef('Folder', 'group-v3'), { name: 'outer', parent: stage.ref.vmFolder });
    stage.addVm('moved', outer.ref);
    expect(await updates.wait({ seconds: 0 })).toBeNull();
    stage.store.update(outer.ref, { parent: inner.ref });
    expect(await kinds()).toEqual([['enter', 'vm-7']]);
    const short = stage.addVm('short', inner.ref);
    stage.store.remove(short);
    expect(await updates.wait({ seconds: 0 })).toBeNull();
  });

  it('tells a path whose ancestor, or whose inside, has changed', async () => {
    await updates.filter(
      propSet('VirtualMachine', ['config.hardware', 'config.hardware.numCPU', 'config.name', 'runtime']),
      objectSet(stage.vms[0]!),
    );
    await updates.wait();
    const vm = stage.vms[0]!;
    stage.store.update(vm, { 'config.hardware.numCPU': 4 });
    const below = (await updates.wait())!.updates[0]!;
    expect(Object.keys(below.changes)).toEqual(['config.hardware', 'config.hardware.numCPU']);
    expect(below.changes['config.hardware.numCPU']).toBe('4');
    const config = stage.store.read(vm, 'config') as VimStruct;
    stage.store.update(vm, { config: { ...config, name: 'renamed' } });
    expect((await updates.wait())!.updates[0]!.changes).toEqual({ 'config.name': 'renamed' });
    stage.store.update(vm, { runtime: undefined });
    expect((await updates.wait())!.updates[0]!.changes).toEqual({ runtime: null });
  });

  it('says nothing of what is the same again', async () => {
    await updates.watchVms(stage.ref.root, ['runtime.powerState']);
    await updates.wait();
    stage.store.update(stage.vms[0]!, { 'runtime.powerState': ON });
    stage.store.update(stage.vms[0]!, { 'runtime.powerState': OFF });
    stage.store.update(stage.vms[1]!, { 'config.name': 'other' });
    expect(await updates.wait({ seconds: 0 })).toBeNull();
  });

  it('cuts long news into pieces, and says so', async () => {
    await updates.watchVms(stage.ref.root, ['name']);
    const sizes = [];
    for (let told = await updates.wait({ max: 2 }); told; told = await updates.wait({ max: 2, seconds: 0 })) {
      sizes.push([told.updates.length, told.truncated]);
    }
    expect(sizes).toEqual([
      [2, true],
      [2, true],
      [1, false],
    ]);
  });

  it('repeats an answer that was lost, and refuses any other old version', async () => {
    await updates.watchVms(stage.ref.root, ['name']);
    const first = (await updates.wait())!;
    stage.store.update(stage.vms[0]!, { name: 'second' });
    const second = (await updates.wait())!;
    expect(await updates.wait({ version: first.version })).toEqual(second);
    stage.store.update(stage.vms[0]!, { name: 'third' });
    const third = await updates.wait();
    expect(third!.updates[0]!.changes).toEqual({ name: 'third' });
    for (const version of [first.version, 'x', '999999999']) {
      await expect(updates.wait({ version })).rejects.toMatchObject({ type: 'InvalidCollectorVersion' });
    }
    expect((await updates.wait({ version: '' }))!.updates).toHaveLength(5);
  });

  /** Repeats it until it has reached a waiting call: the two come over different connections. */
  async function canceledBy(cancel: () => Promise<unknown>): Promise<void> {
    let isWaiting = true;
    const waiting = updates.wait().finally(() => {
      isWaiting = false;
    });
    const canceled = expect(waiting).rejects.toMatchObject({ type: 'RequestCanceled' });
    while (isWaiting) await cancel();
    await canceled;
  }

  it('cancels a wait, and lets only one wait at a time', async () => {
    await updates.watchVms(stage.ref.root, ['name']);
    await updates.wait();
    const [collector, id] = updates.collector;
    await canceledBy(() => stage.client.call('CancelWaitForUpdates', [collector, id]));
    await canceledBy(() => updates.wait({ seconds: 0 }));
  });

  it('walks a path again when something on the way has changed', async () => {
    const select = traversal('Folder', 'childEntity', { name: 'f', select: selection('f') });
    await updates.filter(propSet('ManagedEntity', ['name']), objectSet(stage.ref.vmFolder, select, true));
    expect((await updates.wait())!.updates).toHaveLength(5);
    const made = stage.addVm('made');
    expect((await updates.wait())!.updates).toEqual([
      { kind: 'enter', id: made.value, changes: { name: 'made' }, missing: [] },
    ]);
    // Listed before it exists.
    const later = moRef('VirtualMachine', 'vm-100');
    stage.store.update(stage.ref.vmFolder, { childEntity: array('ManagedObjectReference', [made, later]) });
    expect((await updates.wait())!.updates.map((one) => one.kind)).toEqual(Array(5).fill('leave'));
    stage.store.add(later, { name: 'later' });
    expect((await updates.wait())!.updates).toMatchObject([{ kind: 'enter', id: 'vm-100' }]);
    stage.store.remove(later);
    expect((await updates.wait())!.updates).toMatchObject([{ kind: 'leave', id: 'vm-100' }]);
  });

  it('follows a list that the client changes', async () => {
    const manager = ['ViewManager', 'ViewManager'] as const;
    const [view] = await stage.client.call('CreateListView', manager, refXml('obj', stage.vms[0]!));
    const list = ['ListView', view!.text] as const;
    await updates.filter(
      propSet('ManagedEntity', ['name']),
      objectSet(moRef(...list), traversal('ListView', 'view'), true),
    );
    expect((await updates.wait())!.updates).toHaveLength(1);
    const waiting = updates.wait();
    const gone = moRef('VirtualMachine', 'vm-77');
    const args = refXml('add', stage.vms[1]!) + refXml('add', gone) + refXml('remove', stage.vms[0]!);
    expect(await stage.client.call('ModifyListView', list, args)).toMatchObject([{ text: 'vm-77' }]);
    expect((await waiting)!.updates.map((one) => [one.kind, one.id])).toEqual([
      ['leave', 'vm-1'],
      ['enter', 'vm-2'],
    ]);
    await stage.client.call('DestroyView', list);
    expect((await updates.wait())!.updates.map((one) => [one.kind, one.id])).toEqual([['leave', 'vm-2']]);
  });

  it('waits with the older methods too, on the collector that every session has', async () => {
    const [filter] = await stage.client.call(
      'CreateFilter',
      ['PropertyCollector', 'propertyCollector'],
      `<spec>${propSet('Folder', ['name'])}${objectSet(stage.ref.root)}</spec><partialUpdates>true</partialUpdates>`,
    );
    const call = async (method: string, version: string) => {
      const collector = ['PropertyCollector', 'propertyCollector'] as const;
      const [set] = await stage.client.call(method, collector, `<version>${version}</version>`);
      return set ? readUpdates(set) : null;
    };
    const first = await call('WaitForUpdates', '');
    expect(first!.updates).toMatchObject([{ id: 'group-d1', changes: { name: 'Datacenters' } }]);
    expect(await call('CheckForUpdates', first!.version)).toBeNull();
    await stage.client.call('DestroyPropertyFilter', ['PropertyFilter', filter!.text]);
    stage.store.update(stage.ref.root, { name: 'other' });
    expect(await call('CheckForUpdates', first!.version)).toBeNull();
  });

  it('takes everything away with the session', async () => {
    const view = await updates.watchVms(stage.ref.root, ['name']);
    await updates.wait();
    const waiting = expect(updates.wait()).rejects.toMatchObject({ type: 'NotAuthenticated' });
    const other = stage.newClient();
    await other.login();
    await expect(other.call('DestroyView', [view.$ref, view.value])).rejects.toMatchObject({
      type: 'ManagedObjectNotFound',
    });
    await stage.client.call('Logout', ['SessionManager', 'SessionManager']);
    await waiting;
    await stage.client.login();
    await expect(updates.wait()).rejects.toMatchObject({ type: 'ManagedObjectNotFound' });
  });
});
