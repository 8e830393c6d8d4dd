/** What a VM tells of itself. Source: VMware vSphere Web Services API, WSDL vim25. */
import {
  arrayOf,
  boolean,
  dateTime,
  enumeration,
  int,
  lazy,
  long,
  moRef,
  optional,
  string,
  struct,
} from './combinators';
import { OptionValue, ResourceAllocationInfo, VirtualMachineFileInfo } from './config-spec';
import { anyDevice } from './devices';
import type { Infer, MoRef, Schema } from './schema';

export const PowerState = enumeration('VirtualMachinePowerState', 'poweredOff', 'poweredOn', 'suspended');
export const VmConnectionState = enumeration(
  'VirtualMachineConnectionState',
  'connected',
  'disconnected',
  'orphaned',
  'inaccessible',
  'invalid',
);

export const VirtualHardware = struct('VirtualHardware', {
  numCPU: int,
  numCoresPerSocket: optional(int),
  memoryMB: int,
  device: arrayOf(anyDevice),
});

export const VirtualMachineConfigInfo = struct('VirtualMachineConfigInfo', {
  changeVersion: string,
  modified: optional(dateTime),
  name: string,
  guestFullName: optional(string),
  version: string,
  uuid: string,
  instanceUuid: optional(string),
  template: boolean,
  guestId: string,
  annotation: optional(string),
  files: optional(VirtualMachineFileInfo),
  hardware: VirtualHardware,
  cpuAllocation: optional(ResourceAllocationInfo),
  memoryAllocation: optional(ResourceAllocationInfo),
  memoryHotAddEnabled: optional(boolean),
  cpuHotAddEnabled: optional(boolean),
  cpuHotRemoveEnabled: optional(boolean),
  extraConfig: arrayOf(OptionValue),
  firmware: optional(string),
});
export type VirtualMachineConfigInfo = Infer<typeof VirtualMachineConfigInfo>;

export const VirtualMachineRuntimeInfo = struct('VirtualMachineRuntimeInfo', {
  host: optional(moRef('HostSystem')),
  connectionState: VmConnectionState,
  powerState: PowerState,
  bootTime: optional(dateTime),
});

const NetIpConfigInfoIpAddress = struct('NetIpConfigInfoIpAddress', {
  ipAddress: string,
  prefixLength: int,
  origin: optional(string),
  /** `preferred`, `deprecated`, `tentative` and others. */
  state: optional(string),
});

/** A card as the guest's tools see it. */
export const GuestNicInfo = struct('GuestNicInfo', {
  network: optional(string),
  ipAddress: arrayOf(string),
  macAddress: optional(string),
  connected: boolean,
  /** The virtual device's key; -1 where the guest's card is none of the VM's. */
  deviceConfigId: int,
  ipConfig: optional(struct('NetIpConfigInfo', { ipAddress: arrayOf(NetIpConfigInfoIpAddress) })),
});

export const GuestInfo = struct('GuestInfo', {
  toolsRunningStatus: optional(string),
  hostName: optional(string),
  ipAddress: optional(string),
  net: arrayOf(GuestNicInfo),
  guestState: optional(string),
});

export interface VirtualMachineSnapshotTree {
  readonly snapshot: MoRef<'VirtualMachineSnapshot'>;
  readonly name: string;
  readonly description?: string | undefined;
  readonly createTime: Date;
  readonly childSnapshotList: readonly VirtualMachineSnapshotTree[];
}

const SnapshotTree = struct('VirtualMachineSnapshotTree', {
  snapshot: moRef('VirtualMachineSnapshot'),
  name: string,
  description: optional(string),
  createTime: dateTime,
  childSnapshotList: arrayOf(lazy<VirtualMachineSnapshotTree>((): Schema => SnapshotTree)),
});

export const VirtualMachineSnapshotInfo = struct('VirtualMachineSnapshotInfo', {
  currentSnapshot: optional(moRef('VirtualMachineSnapshot')),
  rootSnapshotList: arrayOf(lazy<VirtualMachineSnapshotTree>((): Schema => SnapshotTree)),
});

const VirtualMachineFileLayoutExFileInfo = struct('VirtualMachineFileLayoutExFileInfo', {
  key: int,
  name: string,
  type: string,
  /** Bytes. */
  size: long,
});

export const VirtualMachineFileLayoutEx = struct('VirtualMachineFileLayoutEx', {
  file: arrayOf(VirtualMachineFileLayoutExFileInfo),
});
