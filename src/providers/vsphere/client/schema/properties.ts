/**
 * The properties that we read, by managed type. What a value is, its `xsi:type` says on the wire; this table says it
 * to the compiler, and tells the decoder which types there are.
 * Source: VMware vSphere Web Services API, WSDL vim25.
 */
import { arrayOf, boolean, dateTime, int, moRef, string, struct, union } from './combinators';
import { OptionValue, ResourceAllocationInfo, VirtualMachineFileInfo } from './config-spec';
import { CustomFieldDef, CustomFieldStringValue, CustomFieldValue, UserSession } from './content';
import { anyDevice } from './devices';
import {
  ClusterComputeResourceSummary,
  ComputeResourceSummary,
  DatastoreSummary,
  HostConnectionState,
  HostHardwareSummary,
  HostQuickStats,
  ResourceConfigSpec,
} from './inventory';
import {
  DVPortgroupConfigInfo,
  DVSSummary,
  HostPortGroup,
  HostVirtualSwitch,
  NetworkSummary,
  OpaqueNetworkSummary,
} from './network';
import type { Fields, Infer } from './schema';
import { TaskInfo, TaskInfoState } from './task';
import {
  GuestInfo,
  GuestNicInfo,
  PowerState,
  VirtualHardware,
  VirtualMachineConfigInfo,
  VirtualMachineFileLayoutEx,
  VirtualMachineRuntimeInfo,
  VirtualMachineSnapshotInfo,
  VmConnectionState,
} from './virtual-machine';

const entity = {
  name: string,
  /** Absent at the root, and where we may not see it. */
  parent: moRef(),
  customValue: arrayOf(union(CustomFieldValue, [CustomFieldValue, CustomFieldStringValue])),
  recentTask: arrayOf(moRef('Task')),
};

const computeResource = {
  ...entity,
  resourcePool: moRef('ResourcePool'),
  host: arrayOf(moRef('HostSystem')),
  network: arrayOf(moRef()),
  datastore: arrayOf(moRef('Datastore')),
  summary: ComputeResourceSummary,
};

const network = {
  ...entity,
  vm: arrayOf(moRef('VirtualMachine')),
  host: arrayOf(moRef('HostSystem')),
  summary: NetworkSummary,
  'summary.accessible': boolean,
};

const distributedSwitch = {
  ...entity,
  uuid: string,
  portgroup: arrayOf(moRef('DistributedVirtualPortgroup')),
  'config.uplinkPortgroup': arrayOf(moRef('DistributedVirtualPortgroup')),
  summary: DVSSummary,
};

export const PROPERTIES = {
  VirtualMachine: {
    ...entity,
    resourcePool: moRef('ResourcePool', 'VirtualApp'),
    config: VirtualMachineConfigInfo,
    'config.changeVersion': string,
    'config.uuid': string,
    'config.instanceUuid': string,
    'config.template': boolean,
    'config.version': string,
    'config.files': VirtualMachineFileInfo,
    'config.guestId': string,
    'config.annotation': string,
    'config.extraConfig': arrayOf(OptionValue),
    'config.hardware': VirtualHardware,
    'config.hardware.numCPU': int,
    'config.hardware.numCoresPerSocket': int,
    'config.hardware.memoryMB': int,
    'config.hardware.device': arrayOf(anyDevice),
    'config.cpuHotAddEnabled': boolean,
    'config.memoryHotAddEnabled': boolean,
    'config.cpuAllocation': ResourceAllocationInfo,
    'config.memoryAllocation': ResourceAllocationInfo,
    runtime: VirtualMachineRuntimeInfo,
    'runtime.powerState': PowerState,
    'runtime.bootTime': dateTime,
    'runtime.connectionState': VmConnectionState,
    'runtime.host': moRef('HostSystem'),
    guest: GuestInfo,
    'guest.net': arrayOf(GuestNicInfo),
    'guest.ipAddress': string,
    'guest.hostName': string,
    'guest.toolsRunningStatus': string,
    'guest.guestState': string,
    snapshot: VirtualMachineSnapshotInfo,
    network: arrayOf(moRef()),
    datastore: arrayOf(moRef('Datastore')),
    layoutEx: VirtualMachineFileLayoutEx,
    'summary.config.template': boolean,
    'summary.config.name': string,
    'summary.config.instanceUuid': string,
  },
  Task: {
    info: TaskInfo,
    'info.state': TaskInfoState,
    'info.progress': int,
    'info.entity': moRef(),
    'info.descriptionId': string,
    'info.queueTime': dateTime,
  },
  Folder: { ...entity, childEntity: arrayOf(moRef()), childType: arrayOf(string) },
  Datacenter: {
    ...entity,
    vmFolder: moRef('Folder'),
    hostFolder: moRef('Folder'),
    networkFolder: moRef('Folder'),
    datastoreFolder: moRef('Folder'),
  },
  ComputeResource: computeResource,
  ClusterComputeResource: { ...computeResource, summary: ClusterComputeResourceSummary },
  ResourcePool: {
    ...entity,
    owner: moRef('ComputeResource', 'ClusterComputeResource'),
    resourcePool: arrayOf(moRef('ResourcePool')),
    vm: arrayOf(moRef('VirtualMachine')),
    config: ResourceConfigSpec,
  },
  HostSystem: {
    ...entity,
    'summary.quickStats': HostQuickStats,
    'summary.hardware': HostHardwareSummary,
    'runtime.connectionState': HostConnectionState,
    'runtime.inMaintenanceMode': boolean,
    'configManager.networkSystem': moRef('HostNetworkSystem'),
    network: arrayOf(moRef()),
    datastore: arrayOf(moRef('Datastore')),
    vm: arrayOf(moRef('VirtualMachine')),
  },
  HostNetworkSystem: {
    'networkInfo.portgroup': arrayOf(HostPortGroup),
    'networkInfo.vswitch': arrayOf(HostVirtualSwitch),
  },
  Datastore: {
    ...entity,
    summary: DatastoreSummary,
    host: arrayOf(struct('DatastoreHostMount', { key: moRef('HostSystem') })),
    vm: arrayOf(moRef('VirtualMachine')),
  },
  Network: network,
  /** A network of NSX. */
  OpaqueNetwork: { ...network, summary: OpaqueNetworkSummary },
  DistributedVirtualPortgroup: { ...network, key: string, config: DVPortgroupConfigInfo },
  DistributedVirtualSwitch: distributedSwitch,
  VmwareDistributedVirtualSwitch: distributedSwitch,
  CustomFieldsManager: { field: arrayOf(CustomFieldDef) },
  SessionManager: { currentSession: UserSession },
  ContainerView: { view: arrayOf(moRef()) },
} satisfies Record<string, Fields>;

type Properties = typeof PROPERTIES;
export type ManagedType = keyof Properties;

/** The path of one entry of a VM's extraConfig. */
export type ExtraConfigPath = `config.extraConfig["${string}"]`;

export type PropertyPath<T extends ManagedType> =
  (keyof Properties[T] & string) | (T extends 'VirtualMachine' ? ExtraConfigPath : never);

export type PropertyValue<T extends ManagedType, P> = P extends keyof Properties[T]
  ? Infer<Properties[T][P]>
  : P extends ExtraConfigPath
    ? Infer<typeof OptionValue>
    : never;

/** Each as it is on the server; what is unset there, or unknown to it, is absent. */
export type PropertiesOf<T extends ManagedType, P extends PropertyPath<T>> = {
  readonly [K in P]?: PropertyValue<T, K>;
};
