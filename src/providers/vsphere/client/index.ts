export { VimClient } from './vim-client';
export type { CallOptions, VimClientOptions } from './options';
export { TransportError, VimFault } from './errors';
export type { TransportReason } from './errors';
export type { FollowOptions, ObjectUpdate, PropertyChange, RetrievedObject } from './object-update';
export type { MoRef } from './schema/schema';
export type { MethodName, Methods, Params, Result } from './schema/methods';
export type {
  ExtraConfigPath,
  ManagedType,
  PropertiesOf,
  PropertyPath,
  PropertyValue,
} from './schema/properties';
export type { Fault, LocalizedFault } from './schema/faults';
export type { ServiceContent } from './schema/content';
export { isEthernetCard } from './schema/devices';
export type { AnyEthernetCard, AnyVirtualDevice } from './schema/devices';
export { EncodingError } from './soap/encoding-error';
export type { Backing } from './schema/backings';
export type { VirtualDeviceConfigSpec, VirtualMachineConfigSpec } from './schema/config-spec';
export type { VirtualMachineCloneSpec, VirtualMachineRelocateSpec } from './schema/clone-spec';
export type { VirtualMachineConfigInfo, VirtualMachineSnapshotTree } from './schema/virtual-machine';
export type { ResourceConfigSpec } from './schema/inventory';
export type { DVPortgroupConfigSpec } from './schema/network';
export type { TaskInfo } from './schema/task';
