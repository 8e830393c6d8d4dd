import { enumeration } from '../../../src/simulators/vsphere/vim/values';
import { child, childrenOf, textOf } from './soap-client';
import type { Answer } from './soap-client';
import { serve } from './serve';
import type { Stage } from './serve';
import { COLLECTOR, objectSet, propSet, selection, specSet, traversal } from './specs';

const OPTIONS = '<options></options>';

function names(objects: readonly Answer[]): (string | null)[] {
  return objects.map((object) => {
    const found = childrenOf(object, 'propSet').find((one) => textOf(one, 'name') === 'name');
    return found ? textOf(found, 'val') : null;
  });
}

describe('reading properties', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await serve({ vms: 250 });
  });
  afterAll(() => stage.close());

  const retrieve = (spec: string, options = OPTIONS) =>
    stage.client.call('RetrievePropertiesEx', COLLECTOR, spec + options);
  const retrieveOld = (spec: string) => stage.client.call('RetrieveProperties', COLLECTOR, spec);

  it('writes values with the types that any-typed fields need', async () => {
    const vm = stage.vms[0]!;
    const paths = [
      'name',
      'runtime',
      'runtime.powerState',
      'config.hardware.device',
      'config.extraConfig["guestinfo.a"]',
    ];
    const [result] = await retrieve(specSet(propSet('VirtualMachine', [...paths, 'parent']), objectSet(vm)));
    const [object] = childrenOf(result!, 'objects');
    expect(child(object!, 'obj')).toMatchObject({ text: vm.value, attributes: { type: 'VirtualMachine' } });
    const values = Object.fromEntries(
      childrenOf(object!, 'propSet').map((one) => [textOf(one, 'name'), child(one, 'val')]),
    );
    expect(values['name']!.attributes).toEqual({ 'xsi:type': 'xsd:string' });
    expect(values['runtime']!.attributes).toEqual({ 'xsi:type': 'VirtualMachineRuntimeInfo' });
    expect(child(values['runtime'], 'powerState').attributes).toEqual({});
    expect(values['runtime.powerState']!.attributes).toEqual({ 'xsi:type': 'VirtualMachinePowerState' });
    const devices = values['config.hardware.device']!;
    expect(devices.attributes).toEqual({ 'xsi:type': 'ArrayOfVirtualDevice' });
    expect(devices.children).toMatchObject([
      { name: 'VirtualDevice', attributes: { 'xsi:type': 'VirtualDisk' } },
    ]);
    expect(child(values['config.extraConfig["guestinfo.a"]'], 'value').attributes).toEqual({
      'xsi:type': 'xsd:string',
    });
    expect(values['parent']!.attributes).toEqual({ type: 'Folder', 'xsi:type': 'ManagedObjectReference' });
  });

  it('tells an unset property from one that does not exist', async () => {
    const paths = ['snapshot', 'config.annotation', 'config.toast', 'toast', 'config..name'];
    const [result] = await retrieve(specSet(propSet('VirtualMachine', paths), objectSet(stage.vms[0]!)));
    const [object] = childrenOf(result!, 'objects');
    expect(childrenOf(object!, 'propSet')).toEqual([]);
    const missing = childrenOf(object!, 'missingSet');
    expect(missing.map((one) => textOf(one, 'path'))).toEqual(['config.toast', 'toast', 'config..name']);
    expect(child(child(missing[1]!, 'fault'), 'fault')).toMatchObject({
      attributes: { 'xsi:type': 'InvalidProperty' },
      children: [{ name: 'name', text: 'toast' }],
    });
  });

  it('hands out pages of a hundred, or of as many as were asked for', async () => {
    const spec = specSet(
      propSet('VirtualMachine', ['name']),
      objectSet(stage.ref.vmFolder, traversal('Folder', 'childEntity'), true),
    );
    const sizes: number[] = [];
    const seen = new Set<string | null>();
    let [page] = await retrieve(spec);
    for (;;) {
      const objects = childrenOf(page!, 'objects');
      sizes.push(objects.length);
      for (const name of names(objects)) seen.add(name);
      const token = textOf(page!, 'token');
      if (token === null) break;
      [page] = await stage.client.call('ContinueRetrievePropertiesEx', COLLECTOR, `<token>${token}</token>`);
    }
    expect(sizes).toEqual([100, 100, 50]);
    expect(seen.size).toBe(250);
    const [whole] = await retrieve(spec, '<options><maxObjects>1000</maxObjects></options>');
    expect([childrenOf(whole!, 'objects').length, textOf(whole!, 'token')]).toEqual([250, null]);
    expect(await retrieveOld(spec)).toHaveLength(250);
  });

  it('lets go of pages that nobody wants, and takes a token once', async () => {
    const spec = specSet(
      propSet('VirtualMachine', ['name']),
      objectSet(stage.ref.vmFolder, traversal('Folder', 'childEntity'), true),
    );
    const [page] = await retrieve(spec);
    const token = `<token>${textOf(page!, 'token')}</token>`;
    expect(await stage.client.call('CancelRetrievePropertiesEx', COLLECTOR, token)).toEqual([]);
    await expect(stage.client.call('ContinueRetrievePropertiesEx', COLLECTOR, token)).rejects.toMatchObject({
      type: 'InvalidArgument',
      detail: { children: [{ name: 'invalidProperty', text: 'token' }] },
    });
    await expect(retrieve(spec, '<options><maxObjects>0</maxObjects></options>')).rejects.toMatchObject({
      type: 'InvalidArgument',
    });
  });

  it('finds all ancestors by a traversal that names itself, as a finder does', async () => {
    const select =
      traversal('ManagedEntity', 'parent', { name: 'traverseParent', select: selection('traverseParent') }) +
      traversal('VirtualMachine', 'parentVApp', { select: selection('traverseParent') });
    const objects = await retrieveOld(
      specSet(
        propSet('ManagedEntity', ['name', 'parent']),
        propSet('VirtualMachine', ['parentVApp']),
        objectSet(stage.vms[7]!, select),
      ),
    );
    expect(names(objects)).toEqual(['vm 7', 'vm', 'DC0', 'Datacenters']);
  });

  it('walks down the whole inventory by names that are used before they are given', async () => {
    const visit = selection('folder') + selection('dc') + selection('hosts') + selection('compute');
    const select =
      traversal('Folder', 'childEntity', { name: 'folder', select: visit }) +
      traversal('Datacenter', 'hostFolder', { name: 'dc', skip: true, select: visit }) +
      traversal('ComputeResource', 'host', { name: 'compute', select: selection('hosts') }) +
      traversal('HostSystem', 'vm', { name: 'hosts' });
    const objects = await retrieveOld(
      specSet(
        propSet('HostSystem', ['name']),
        propSet('ComputeResource', ['name']),
        propSet('Datacenter', ['name']),
        objectSet(stage.ref.root, select),
      ),
    );
    expect(names(objects)).toEqual(['DC0', 'C0', 'host-1.example']);
  });

  it('lists a folder with the subtypes of what was asked', async () => {
    const asked = ['Folder', 'Datacenter', 'VirtualApp', 'ComputeResource', 'DistributedVirtualSwitch'];
    const spec = (select: string, from: Stage['ref']['root']) =>
      specSet(...asked.map((type) => propSet(type, ['name'])), objectSet(from, select, true));
    expect(names(await retrieveOld(spec(traversal('Folder', 'childEntity'), stage.ref.hostFolder)))).toEqual([
      'C0',
    ]);
    const folders = ['vmFolder', 'hostFolder', 'datastoreFolder', 'networkFolder'];
    const inside = folders.map((path) => traversal('Datacenter', path)).join('');
    expect(names(await retrieveOld(spec(inside, stage.ref.datacenter)))).toEqual([
      'vm',
      'host',
      'datastore',
      'network',
    ]);
  });

  it('gives every property that is set', async () => {
    const [object] = await retrieveOld(specSet(propSet('ManagedEntity', 'all'), objectSet(stage.ref.host)));
    const found = childrenOf(object!, 'propSet').map((one) => textOf(one, 'name'));
    expect(new Set(found)).toEqual(new Set(['name', 'parent', 'vm']));
    expect(childrenOf(object!, 'missingSet')).toEqual([]);
  });

  it('refuses what it cannot make sense of', async () => {
    const vm = objectSet(stage.vms[0]!);
    const gone = objectSet({ $ref: 'VirtualMachine', value: 'vm-9999' });
    await expect(retrieve('')).rejects.toMatchObject({ type: 'InvalidArgument' });
    await expect(retrieve(specSet(vm))).rejects.toMatchObject({ type: 'InvalidArgument' });
    await expect(retrieve(specSet(propSet('Toaster', ['name']), vm))).rejects.toMatchObject({
      type: 'InvalidType',
    });
    await expect(retrieve(specSet(propSet('VirtualMachine', ['name']), gone))).rejects.toMatchObject({
      type: 'ManagedObjectNotFound',
      detail: { children: [{ name: 'obj', text: 'vm-9999' }] },
    });
    const reported = '<reportMissingObjectsInResults>true</reportMissingObjectsInResults>';
    expect(await retrieve(specSet(propSet('VirtualMachine', ['name']), gone, reported))).toEqual([]);
    const bad = objectSet(stage.vms[0]!, selection('nobody'));
    await expect(retrieve(specSet(propSet('VirtualMachine', ['name']), bad))).rejects.toMatchObject({
      type: 'InvalidArgument',
    });
    const noPath = objectSet(stage.vms[0]!, traversal('VirtualMachine', 'toast'));
    await expect(retrieve(specSet(propSet('VirtualMachine', ['name']), noPath))).rejects.toMatchObject({
      type: 'InvalidProperty',
    });
  });

  it('tells strangers for every property that they have to log in', async () => {
    const spec = specSet(
      propSet('ManagedEntity', ['name']),
      propSet('SessionManager', ['currentSession', 'sessionList']),
      objectSet(stage.ref.root, traversal('Folder', 'childEntity')),
      objectSet({ $ref: 'SessionManager', value: 'SessionManager' }),
    );
    const [result] = await stage.newClient().call('RetrievePropertiesEx', COLLECTOR, spec + OPTIONS);
    const objects = childrenOf(result!, 'objects');
    expect(objects.map((one) => child(one, 'obj').text)).toEqual(['group-d1', 'SessionManager']);
    expect(objects.flatMap((one) => childrenOf(one, 'propSet'))).toEqual([]);
    const missing = objects.flatMap((one) => childrenOf(one, 'missingSet'));
    expect(missing.map((one) => textOf(one, 'path'))).toEqual(['name', 'sessionList']);
    expect(child(child(missing[0]!, 'fault'), 'fault').attributes).toEqual({
      'xsi:type': 'NotAuthenticated',
    });
  });

  it('reads one property with Fetch, and never writes an empty enumeration', async () => {
    const vm = ['VirtualMachine', stage.vms[1]!.value] as const;
    const fetch = (path: string) => stage.client.call('Fetch', vm, `<prop>${path}</prop>`);
    expect(await fetch('name')).toMatchObject([{ text: 'vm 1', attributes: { 'xsi:type': 'xsd:string' } }]);
    expect(await fetch('snapshot')).toEqual([]);
    await expect(fetch('toast')).rejects.toMatchObject({ type: 'InvalidProperty' });
    stage.store.update(stage.vms[1]!, { 'runtime.powerState': enumeration('VirtualMachinePowerState', '') });
    expect(await fetch('runtime.powerState')).toEqual([]);
    expect((await fetch('runtime'))[0]!.children.map((one) => one.name)).toEqual(['host', 'connectionState']);
  });

  it('carries any text', async () => {
    const name = 'a<b>&"\u0001\ud800 \u{1f600}\r\n]]>';
    const vm = stage.addVm(name);
    const [value] = await stage.client.call('Fetch', ['VirtualMachine', vm.value], '<prop>name</prop>');
    expect(Buffer.from(value!.text, 'latin1').toString('utf8')).toBe('a<b>&" \u{1f600}\r\n]]>');
  });
});
