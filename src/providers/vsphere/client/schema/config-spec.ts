/** How a VM is to be. Source: VMware vSphere Web Services API, WSDL vim25. */
import { anyType, arrayOf, boolean, enumeration, int, long, optional, string, struct } from './combinators';
import { anyDevice, SharesInfo } from './devices';
import type { Infer } from './schema';

/** One line of a VM's `extraConfig`. An empty value removes it. */
export const OptionValue = struct('OptionValue', { key: string, value: anyType }, { typed: true });

export const ResourceAllocationInfo = struct('ResourceAllocationInfo', {
  /** MHz or MB. */
  reservation: optional(long),
  expandableReservation: optional(boolean),
  /** MHz or MB; -1 is no limit. */
  limit: optional(long),
  shares: optional(SharesInfo),
});

export const VirtualMachineFileInfo = struct('VirtualMachineFileInfo', {
  /** `[datastore] folder/vm.vmx`; `[datastore]` alone lets the server choose. */
  vmPathName: optional(string),
  snapshotDirectory: optional(string),
  suspendDirectory: optional(string),
  logDirectory: optional(string),
});

export const VirtualDeviceConfigSpec = struct(
  'VirtualDeviceConfigSpec',
  {
    operation: optional(enumeration('VirtualDeviceConfigSpecOperation', 'add', 'remove', 'edit')),
    fileOperation: optional(
      enumeration('VirtualDeviceConfigSpecFileOperation', 'create', 'destroy', 'replace'),
    ),
    device: anyDevice,
  },
  { typed: true },
);
export type VirtualDeviceConfigSpec = Infer<typeof VirtualDeviceConfigSpec>;

export const VirtualMachineConfigSpec = struct('VirtualMachineConfigSpec', {
  /** Refuses the change where the VM has become another since this `changeVersion` was read. */
  changeVersion: optional(string),
  name: optional(string),
  /** The hardware version, `vmx-14`. */
  version: optional(string),
  uuid: optional(string),
  instanceUuid: optional(string),
  guestId: optional(string),
  annotation: optional(string),
  files: optional(VirtualMachineFileInfo),
  numCPUs: optional(int),
  numCoresPerSocket: optional(int),
  memoryMB: optional(long),
  memoryHotAddEnabled: optional(boolean),
  cpuHotAddEnabled: optional(boolean),
  cpuHotRemoveEnabled: optional(boolean),
  deviceChange: optional(arrayOf(VirtualDeviceConfigSpec)),
  cpuAllocation: optional(ResourceAllocationInfo),
  memoryAllocation: optional(ResourceAllocationInfo),
  extraConfig: optional(arrayOf(OptionValue)),
  firmware: optional(string),
});
export type VirtualMachineConfigSpec = Infer<typeof VirtualMachineConfigSpec>;
