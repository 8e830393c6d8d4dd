/** Where a VM is to be. Source: VMware vSphere Web Services API, WSDL vim25. */
import { arrayOf, boolean, enumeration, int, moRef, optional, string, struct } from './combinators';
import { anyBacking } from './backings';
import { VirtualDeviceConfigSpec, VirtualMachineConfigSpec } from './config-spec';
import type { Infer } from './schema';

const VirtualMachineRelocateSpecDiskLocator = struct('VirtualMachineRelocateSpecDiskLocator', {
  diskId: int,
  datastore: moRef('Datastore'),
  diskMoveType: optional(string),
  diskBackingInfo: optional(anyBacking),
});

export const VirtualMachineRelocateSpec = struct('VirtualMachineRelocateSpec', {
  folder: optional(moRef('Folder')),
  datastore: optional(moRef('Datastore')),
  diskMoveType: optional(
    enumeration(
      'VirtualMachineRelocateDiskMoveOptions',
      'moveAllDiskBackingsAndAllowSharing',
      'moveAllDiskBackingsAndDisallowSharing',
      'moveChildMostDiskBacking',
      'createNewChildDiskBacking',
      'moveAllDiskBackingsAndConsolidate',
    ),
  ),
  pool: optional(moRef('ResourcePool')),
  host: optional(moRef('HostSystem')),
  disk: optional(arrayOf(VirtualMachineRelocateSpecDiskLocator)),
  transform: optional(enumeration('VirtualMachineRelocateTransformation', 'flat', 'sparse')),
  deviceChange: optional(arrayOf(VirtualDeviceConfigSpec)),
});
export type VirtualMachineRelocateSpec = Infer<typeof VirtualMachineRelocateSpec>;

export const VirtualMachineCloneSpec = struct('VirtualMachineCloneSpec', {
  location: VirtualMachineRelocateSpec,
  /** Whether the clone is to be a template. */
  template: boolean,
  config: optional(VirtualMachineConfigSpec),
  powerOn: boolean,
  /** The point in time to clone from; a linked clone needs it. */
  snapshot: optional(moRef('VirtualMachineSnapshot')),
  memory: optional(boolean),
});
export type VirtualMachineCloneSpec = Infer<typeof VirtualMachineCloneSpec>;
