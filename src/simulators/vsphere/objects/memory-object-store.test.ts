import { array, moRef, struct } from '../vim/values';
import type { VimStruct } from '../vim/values';
import { MemoryObjectStore } from './memory-object-store';
import { isRelated, parsePath } from './property-path';

const VM = moRef('VirtualMachine', 'vm-1');

function option(key: string, value: string): VimStruct {
  return struct('OptionValue', { key, value });
}

function storeWithVm(): MemoryObjectStore {
  const store = new MemoryObjectStore();
  const nic = struct('VirtualVmxnet3', {
    key: 4000,
    macAddress: 'a',
    backing: struct('Backing', { name: 'n' }),
  });
  const disk = struct('VirtualDisk', { key: 2000, capacityInKB: 1 });
  store.add(VM, {
    name: 'one',
    config: struct('VirtualMachineConfigInfo', {
      name: 'one',
      annotation: undefined,
      hardware: struct('VirtualHardware', { device: array('VirtualDevice', [nic, disk]) }),
      extraConfig: array('OptionValue', [option('a.b', '1')]),
    }),
  });
  return store;
}

describe('the store of objects', () => {
  it.each([
    ['name', 'one'],
    ['config.name', 'one'],
    ['config.annotation', undefined],
    ['config.extraConfig["a.b"].value', '1'],
    ['config.extraConfig["c"].value', undefined],
    ['config.hardware.device[4000].backing.name', 'n'],
    ['config.hardware.device.macAddress', array('xsd:string', ['a'])],
    ['config.constructor', undefined],
    ['config.$type', undefined],
    ['name.length', undefined],
    ['', undefined],
  ])('reads %s', (path, expected) => {
    expect(storeWithVm().read(VM, path)).toEqual(expected);
  });

  it('changes what a path leads to and nothing beside it', () => {
    const store = storeWithVm();
    const before = store.get(VM)!;
    store.update(VM, {
      'config.hardware.device[2000].capacityInKB': 5,
      'config.extraConfig["c"]': option('c', '3'),
      'config.annotation': 'text',
    });
    expect(store.read(VM, 'config.hardware.device[2000].capacityInKB')).toBe(5);
    expect(store.read(VM, 'config.extraConfig["c"].value')).toBe('3');
    expect(Object.keys(store.read(VM, 'config') as VimStruct)).toEqual([
      '$type',
      'name',
      'annotation',
      'hardware',
      'extraConfig',
    ]);
    const nic = 'config.hardware.device[4000]';
    expect(before.properties.get('config')).toEqual(storeWithVm().get(VM)!.properties.get('config'));
    expect(store.read(VM, nic)).toEqual(storeWithVm().read(VM, nic));
    store.update(VM, { 'config.extraConfig["a.b"]': undefined, name: undefined });
    expect(store.read(VM, 'config.extraConfig')).toEqual(array('OptionValue', [option('c', '3')]));
    expect(store.get(VM)!.properties.has('name')).toBe(false);
  });

  it('does not pretend to have written where there is nothing', () => {
    const store = storeWithVm();
    const { version } = store;
    expect(() => store.update(VM, { 'guest.ipAddress': 'x' })).toThrow(TypeError);
    expect(() => store.update(VM, { 'name["a"]': 'x' })).toThrow(TypeError);
    expect(() => store.update(VM, { '..': 'x' })).toThrow(TypeError);
    expect(() => store.update(moRef('VirtualMachine', 'vm-9'), { name: 'x' })).toThrow(TypeError);
    expect(() => store.add(VM, {})).toThrow(TypeError);
    expect(store.version).toBe(version);
  });

  it('numbers every change, and forgets the oldest', () => {
    const store = new MemoryObjectStore({ keptChanges: 3 });
    let calls = 0;
    const stop = store.onChange(() => (calls += 1));
    store.add(VM, { name: 'a' });
    store.update(VM, { name: 'b', parent: undefined });
    store.remove(VM);
    store.remove(VM);
    expect(store.version).toBe(3);
    expect(store.changesSince(0)).toEqual([
      { kind: 'ENTER', ref: VM },
      { kind: 'MODIFY', ref: VM, paths: ['name', 'parent'] },
      { kind: 'LEAVE', ref: VM },
    ]);
    stop();
    store.add(moRef('Folder', 'group-v1'), {});
    expect([calls, store.version]).toEqual([3, 4]);
    expect(store.changesSince(0)).toBeNull();
    expect(store.changesSince(5)).toBeNull();
    expect(store.changesSince(3)).toHaveLength(1);
    expect(store.changesSince(4)).toEqual([]);
  });

  it('never gives a reference out twice', () => {
    const store = new MemoryObjectStore();
    store.add(moRef('VirtualMachine', 'vm-60'), {});
    expect(store.newRef('VirtualMachine', 'vm').value).toBe('vm-61');
    store.add(moRef('VirtualMachine', 'vm-62'), {});
    store.remove(moRef('VirtualMachine', 'vm-62'));
    const restarted = new MemoryObjectStore({ counters: store.counters() });
    expect(restarted.newRef('VirtualMachine', 'vm').value).toBe('vm-63');
    expect(restarted.newRef('Folder', 'group-v').value).toBe('group-v-1');
  });
});

describe('paths', () => {
  it('reads keys with dots and quotes in them', () => {
    expect(parsePath('a.b["x.\\"y"].c[-5]')).toEqual([
      { name: 'a', key: null },
      { name: 'b', key: 'x."y' },
      { name: 'c', key: '-5' },
    ]);
    for (const path of ['', '.', 'a.', 'a..b', 'a[', 'a[]', 'a["b]', '1a', 'a b'])
      expect(parsePath(path)).toBeNull();
  });

  it('knows which paths concern each other', () => {
    expect(isRelated('config', 'config.hardware')).toBe(true);
    expect(isRelated('config.extraConfig["a"]', 'config.extraConfig')).toBe(true);
    expect(isRelated('config', 'configStatus')).toBe(false);
    expect(isRelated('config.a', 'config.b')).toBe(false);
  });
});
