import { SimulatedVcenter, runPython } from '../support/simulated-vcenter';

jest.setTimeout(120_000);

/** Of these the simulator has none: what they lead to, it does not offer. */
const NOT_OFFERED = ['Datastore.browser', 'HostSystem.datastoreBrowser', 'VirtualMachine.environmentBrowser'];

/** Every type of managed object that the simulator has, as far as it can be reached by references. */
const KINDS = [
  'ClusterComputeResource',
  'CustomFieldsManager',
  'Datacenter',
  'Datastore',
  'DistributedVirtualPortgroup',
  'Folder',
  'HostNetworkSystem',
  'HostSystem',
  'HttpNfcLease',
  'ListView',
  'Network',
  'PropertyCollector',
  'ResourcePool',
  'SearchIndex',
  'ServiceInstance',
  'SessionManager',
  'Task',
  'TaskManager',
  'ViewManager',
  'VirtualMachine',
  'VirtualMachineSnapshot',
  'VmwareDistributedVirtualSwitch',
];

describe('the data objects of the simulated vCenter', () => {
  test('are held against the WSDL by a reader that finds every kind of mistake', async () => {
    const { right, order, missing, twice, item, ...unreadable } = await runPython('broken_replies');
    expect(right).toEqual([]);
    expect(order).toEqual(['HostMountInfo.path comes after accessMode']);
    expect(missing).toEqual(['HostMountInfo.accessMode is required and missing']);
    expect(twice).toEqual(['HostMountInfo.path comes twice']);
    expect(item).toEqual(['HostMountInfo in an array of OptionValue']);
    for (const [kind, found] of Object.entries(unreadable)) {
      expect({ kind, found }).toEqual({ kind, found: ['ParserError'] });
    }
    expect(Object.keys(unreadable).sort()).toEqual(['enumeration', 'field', 'number', 'reference']);
  });

  test('are as the WSDL has them: fields, order and types, of all objects in all their states', async () => {
    const vcenter = await SimulatedVcenter.start();
    try {
      const { kinds, properties, read, missing, gone, absent } = await vcenter.python('walk');
      expect(Object.keys(kinds).sort()).toEqual(KINDS);
      expect(properties).toBeGreaterThan(500);
      expect(read).toMatchObject({
        VirtualMachineConfigInfo: expect.any(Number),
        TaskInfo: expect.any(Number),
      });
      expect(Object.keys(read).length).toBeGreaterThan(90);
      // No property is refused, and no reference leads to nothing.
      expect({ missing, gone }).toEqual({ missing: [], gone: [] });
      expect(absent).toEqual(NOT_OFFERED);
    } finally {
      await vcenter.stop();
    }
  });
});
