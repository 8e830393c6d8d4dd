import { isA, lineage, propertiesOf, typesOf } from './managed-types';

describe('the types of managed objects', () => {
  it('knows what a type is derived from', () => {
    expect(lineage('ClusterComputeResource')).toEqual([
      'ClusterComputeResource',
      'ComputeResource',
      'ManagedEntity',
      'ExtensibleManagedObject',
    ]);
    expect(isA('VirtualMachine', 'ManagedEntity')).toBe(true);
    expect(isA('ManagedEntity', 'VirtualMachine')).toBe(false);
    expect(isA('Task', 'ManagedObject')).toBe(true);
    expect(lineage('Toaster')).toEqual([]);
  });

  it('inherits properties', () => {
    expect(propertiesOf('VirtualMachine')).toContain('name');
    expect(propertiesOf('VirtualMachine')).toContain('runtime');
    expect(propertiesOf('Folder').has('runtime')).toBe(false);
  });

  it('knows which types are derived', () => {
    expect(typesOf('Network')).toEqual(['Network', 'OpaqueNetwork', 'DistributedVirtualPortgroup']);
  });
});
