/** What backs a virtual device. Source: VMware vSphere Web Services API, WSDL vim25. */
import { boolean, int, lazy, moRef, optional, string, struct, union } from './combinators';
import type { Infer, Schema } from './schema';

const VirtualDeviceBackingInfo = struct('VirtualDeviceBackingInfo', {});

const VirtualDeviceFileBackingInfo = struct(
  'VirtualDeviceFileBackingInfo',
  {
    /** `[datastore] folder/file.vmdk`; empty or `[datastore]` in a specification lets the server choose. */
    fileName: string,
    datastore: optional(moRef('Datastore')),
    backingObjectId: optional(string),
  },
  { extends: VirtualDeviceBackingInfo },
);

/** The file that a delta disk stands on. */
export interface ParentDisk {
  readonly fileName: string;
  readonly datastore?: { readonly type: string; readonly value: string } | undefined;
  readonly parent?: ParentDisk | undefined;
}

const VirtualDiskFlatVer2BackingInfo = struct(
  'VirtualDiskFlatVer2BackingInfo',
  {
    /** `persistent` and others. */
    diskMode: string,
    split: optional(boolean),
    writeThrough: optional(boolean),
    thinProvisioned: optional(boolean),
    eagerlyScrub: optional(boolean),
    uuid: optional(string),
    contentId: optional(string),
    changeId: optional(string),
    parent: optional(lazy<ParentDisk>((): Schema => VirtualDiskFlatVer2BackingInfo)),
    deltaDiskFormat: optional(string),
    digestEnabled: optional(boolean),
    deltaGrainSize: optional(int),
    deltaDiskFormatVariant: optional(string),
    sharing: optional(string),
  },
  { extends: VirtualDeviceFileBackingInfo },
);

const VirtualDiskSeSparseBackingInfo = struct(
  'VirtualDiskSeSparseBackingInfo',
  {
    diskMode: string,
    writeThrough: optional(boolean),
    uuid: optional(string),
    contentId: optional(string),
    changeId: optional(string),
    parent: optional(lazy<ParentDisk>((): Schema => VirtualDiskSeSparseBackingInfo)),
    deltaDiskFormat: optional(string),
    digestEnabled: optional(boolean),
    grainSize: optional(int),
  },
  { extends: VirtualDeviceFileBackingInfo },
);

const VirtualCdromIsoBackingInfo = struct(
  'VirtualCdromIsoBackingInfo',
  {},
  { extends: VirtualDeviceFileBackingInfo },
);

const VirtualSerialPortFileBackingInfo = struct(
  'VirtualSerialPortFileBackingInfo',
  {},
  { extends: VirtualDeviceFileBackingInfo },
);

const VirtualDeviceDeviceBackingInfo = struct(
  'VirtualDeviceDeviceBackingInfo',
  { deviceName: string, useAutoDetect: optional(boolean) },
  { extends: VirtualDeviceBackingInfo },
);

const VirtualCdromAtapiBackingInfo = struct(
  'VirtualCdromAtapiBackingInfo',
  {},
  { extends: VirtualDeviceDeviceBackingInfo },
);

const VirtualDeviceRemoteDeviceBackingInfo = struct(
  'VirtualDeviceRemoteDeviceBackingInfo',
  { deviceName: string, useAutoDetect: optional(boolean) },
  { extends: VirtualDeviceBackingInfo },
);

const VirtualCdromRemotePassthroughBackingInfo = struct(
  'VirtualCdromRemotePassthroughBackingInfo',
  { exclusive: boolean },
  { extends: VirtualDeviceRemoteDeviceBackingInfo },
);

/** A card on a standard port group, which is named by `deviceName`. */
const VirtualEthernetCardNetworkBackingInfo = struct(
  'VirtualEthernetCardNetworkBackingInfo',
  { network: optional(moRef()), inPassthroughMode: optional(boolean) },
  { extends: VirtualDeviceDeviceBackingInfo },
);

const VirtualEthernetCardOpaqueNetworkBackingInfo = struct(
  'VirtualEthernetCardOpaqueNetworkBackingInfo',
  { opaqueNetworkId: string, opaqueNetworkType: string },
  { extends: VirtualDeviceBackingInfo },
);

/** A port of a distributed switch; with a port group's key alone, the server chooses the port. */
const DistributedVirtualSwitchPortConnection = struct('DistributedVirtualSwitchPortConnection', {
  switchUuid: string,
  portgroupKey: optional(string),
  portKey: optional(string),
  connectionCookie: optional(int),
});

const VirtualEthernetCardDistributedVirtualPortBackingInfo = struct(
  'VirtualEthernetCardDistributedVirtualPortBackingInfo',
  { port: DistributedVirtualSwitchPortConnection },
  { extends: VirtualDeviceBackingInfo },
);

export const anyBacking = union(VirtualDeviceBackingInfo, [
  VirtualDeviceBackingInfo,
  VirtualDeviceFileBackingInfo,
  VirtualDiskFlatVer2BackingInfo,
  VirtualDiskSeSparseBackingInfo,
  VirtualCdromIsoBackingInfo,
  VirtualSerialPortFileBackingInfo,
  VirtualDeviceDeviceBackingInfo,
  VirtualCdromAtapiBackingInfo,
  VirtualDeviceRemoteDeviceBackingInfo,
  VirtualCdromRemotePassthroughBackingInfo,
  VirtualEthernetCardNetworkBackingInfo,
  VirtualEthernetCardOpaqueNetworkBackingInfo,
  VirtualEthernetCardDistributedVirtualPortBackingInfo,
]);
export type Backing = Infer<typeof anyBacking>;
