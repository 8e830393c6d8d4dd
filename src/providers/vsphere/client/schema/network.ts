/** Port groups and switches. Source: VMware vSphere Web Services API, WSDL vim25. */
import { arrayOf, boolean, int, moRef, optional, string, struct, union } from './combinators';
import type { Infer } from './schema';

const InheritablePolicy = struct('InheritablePolicy', { inherited: boolean });

const VlanSpec = struct('VmwareDistributedVirtualSwitchVlanSpec', {}, { extends: InheritablePolicy });

const VlanIdSpec = struct(
  'VmwareDistributedVirtualSwitchVlanIdSpec',
  {
    /** 0 is untagged. */
    vlanId: int,
  },
  { extends: VlanSpec },
);

const TrunkVlanSpec = struct(
  'VmwareDistributedVirtualSwitchTrunkVlanSpec',
  { vlanId: arrayOf(struct('NumericRange', { start: int, end: int })) },
  { extends: VlanSpec },
);

const PvlanSpec = struct('VmwareDistributedVirtualSwitchPvlanSpec', { pvlanId: int }, { extends: VlanSpec });

const DVPortSetting = struct('DVPortSetting', {});

const VMwareDVSPortSetting = struct(
  'VMwareDVSPortSetting',
  { vlan: optional(union(VlanSpec, [VlanSpec, VlanIdSpec, TrunkVlanSpec, PvlanSpec])) },
  { extends: DVPortSetting },
);
const anyPortSetting = union(DVPortSetting, [DVPortSetting, VMwareDVSPortSetting]);

export const DVPortgroupConfigSpec = struct('DVPortgroupConfigSpec', {
  /** Required for a change: it is refused where the port group has become another. */
  configVersion: optional(string),
  name: optional(string),
  numPorts: optional(int),
  defaultPortConfig: optional(anyPortSetting),
  description: optional(string),
  /** `earlyBinding` or `ephemeral`. */
  type: optional(string),
  autoExpand: optional(boolean),
});
export type DVPortgroupConfigSpec = Infer<typeof DVPortgroupConfigSpec>;

export const DVPortgroupConfigInfo = struct('DVPortgroupConfigInfo', {
  key: string,
  name: string,
  numPorts: optional(int),
  distributedVirtualSwitch: optional(moRef('DistributedVirtualSwitch', 'VmwareDistributedVirtualSwitch')),
  defaultPortConfig: optional(anyPortSetting),
  description: optional(string),
  type: optional(string),
  configVersion: optional(string),
  autoExpand: optional(boolean),
  uplink: optional(boolean),
});

export const DVSSummary = struct('DVSSummary', {
  name: string,
  uuid: string,
  numPorts: optional(int),
  hostMember: arrayOf(moRef('HostSystem')),
});

export const NetworkSummary = struct('NetworkSummary', { name: string, accessible: boolean });

const HostNetworkSecurityPolicy = struct('HostNetworkSecurityPolicy', {
  allowPromiscuous: optional(boolean),
  macChanges: optional(boolean),
  forgedTransmits: optional(boolean),
});

const HostNetworkPolicy = struct('HostNetworkPolicy', { security: optional(HostNetworkSecurityPolicy) });

export const HostPortGroupSpec = struct('HostPortGroupSpec', {
  name: string,
  /** 0 is untagged, 4095 passes all tags. */
  vlanId: int,
  vswitchName: string,
  policy: HostNetworkPolicy,
});

export const HostPortGroup = struct('HostPortGroup', {
  key: optional(string),
  vswitch: optional(string),
  spec: HostPortGroupSpec,
});

export const HostVirtualSwitch = struct('HostVirtualSwitch', {
  name: string,
  key: string,
  numPorts: optional(int),
  portgroup: arrayOf(string),
});
