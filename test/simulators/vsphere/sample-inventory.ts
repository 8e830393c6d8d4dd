import { MemoryObjectStore } from '../../../src/simulators/vsphere/objects/memory-object-store';
import { refsIn } from '../../../src/simulators/vsphere/vim/value-kinds';
import { array, enumeration, moRef, struct } from '../../../src/simulators/vsphere/vim/values';
import type { MoRef, VimStruct } from '../../../src/simulators/vsphere/vim/values';

const ref = {
  root: moRef('Folder', 'group-d1'),
  datacenter: moRef('Datacenter', 'datacenter-1'),
  vmFolder: moRef('Folder', 'group-v1'),
  hostFolder: moRef('Folder', 'group-h1'),
  datastoreFolder: moRef('Folder', 'group-s1'),
  networkFolder: moRef('Folder', 'group-n1'),
  cluster: moRef('ClusterComputeResource', 'domain-c1'),
  host: moRef('HostSystem', 'host-1'),
  pool: moRef('ResourcePool', 'resgroup-1'),
  datastore: moRef('Datastore', 'datastore-1'),
  network: moRef('Network', 'network-1'),
};

export interface SampleInventory {
  readonly store: MemoryObjectStore;
  readonly ref: typeof ref;
  readonly vms: readonly MoRef[];
  addVm(name: string, folder?: MoRef): MoRef;
}

/** One datacenter with a cluster of one host, and so many VMs: just enough for the protocol to have something to say. */
export function sampleInventory(vmCount = 3): SampleInventory {
  const store = new MemoryObjectStore();
  const children = (...refs: readonly MoRef[]) => array('ManagedObjectReference', refs);
  const folder = (self: MoRef, name: string, parent: MoRef | undefined, ...inside: readonly MoRef[]) =>
    store.add(self, {
      name,
      parent,
      childEntity: children(...inside),
      childType: array('xsd:string', ['Folder']),
    });
  folder(ref.root, 'Datacenters', undefined, ref.datacenter);
  store.add(ref.datacenter, { ...named('DC0', ref.root), ...foldersOfDatacenter() });
  folder(ref.vmFolder, 'vm', ref.datacenter);
  folder(ref.hostFolder, 'host', ref.datacenter, ref.cluster);
  folder(ref.datastoreFolder, 'datastore', ref.datacenter, ref.datastore);
  folder(ref.networkFolder, 'network', ref.datacenter, ref.network);
  store.add(ref.cluster, {
    ...named('C0', ref.hostFolder),
    host: children(ref.host),
    resourcePool: ref.pool,
  });
  store.add(ref.host, { ...named('host-1.example', ref.cluster), vm: children() });
  store.add(ref.pool, { ...named('Resources', ref.cluster), owner: ref.cluster, vm: children() });
  store.add(ref.datastore, named('datastore1', ref.datastoreFolder));
  store.add(ref.network, named('VM Network', ref.networkFolder));
  const addVm = (name: string, parent: MoRef = ref.vmFolder): MoRef => {
    const vm = store.newRef('VirtualMachine', 'vm');
    store.add(vm, {
      ...named(name, parent),
      resourcePool: ref.pool,
      config: configOf(name),
      runtime: runtime(),
    });
    const inside = store.read(parent, 'childEntity');
    store.update(parent, { childEntity: children(...refsIn(inside), vm) });
    return vm;
  };
  const vms = Array.from({ length: vmCount }, (_, index) => addVm(`vm ${index}`));
  return { store, ref, vms, addVm };
}

function named(name: string, parent: MoRef) {
  return { name, parent };
}

function foldersOfDatacenter() {
  const { vmFolder, hostFolder, datastoreFolder, networkFolder } = ref;
  return { vmFolder, hostFolder, datastoreFolder, networkFolder };
}

function configOf(name: string): VimStruct {
  const disk = struct('VirtualDisk', { key: 2000, controllerKey: 1000, unitNumber: 0, capacityInKB: 1024 });
  return struct('VirtualMachineConfigInfo', {
    changeVersion: '1',
    name,
    guestFullName: 'Other Linux (64-bit)',
    uuid: '564d0000-0000-4000-8000-000000000001',
    template: false,
    annotation: undefined,
    hardware: struct('VirtualHardware', {
      numCPU: 1,
      memoryMB: 512,
      device: array('VirtualDevice', [disk]),
    }),
    extraConfig: array('OptionValue', [struct('OptionValue', { key: 'guestinfo.a', value: 'x' })]),
  });
}

function runtime(): VimStruct {
  return struct('VirtualMachineRuntimeInfo', {
    host: ref.host,
    connectionState: enumeration('VirtualMachineConnectionState', 'connected'),
    powerState: enumeration('VirtualMachinePowerState', 'poweredOff'),
  });
}
