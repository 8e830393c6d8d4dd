/**
 * Fields that came with a version of the API: `Type = field field`. A client that speaks an older one must not see
 * them, and pyvmomi breaks off when it does. From the reference of the vSphere Web Services API.
 */
const SINCE_7 = `
ClusterComputeResourceSummary = drsScore numVmsPerDrsScoreBucket currentEVCGraphicsModeKey
  clusterMaintenanceModeStatus vcsHealthStatus vcsSlots
ClusterConfigInfoEx = cryptoConfig
ClusterDrsConfigInfo = scaleDescendantsShares
Capability = supportedEVCGraphicsMode computePolicyVersion clusterPlacementSupported
  lifecycleManagementSupported scalableSharesSupported hadcsSupported
ConfigTarget = maxCpusPerHost supportedMaxMemMB dynamicPassthrough sgxTargetInfo precisionClockInfo
  sevSupported
DVPortgroupConfigInfo = backingType transportZoneUuid transportZoneName logicalSwitchUuid segmentId
DatastoreCapability = clusteredVmdkSupported
DistributedVirtualPort = externalId segmentPortId
DistributedVirtualPortgroupInfo = backingType logicalSwitchUuid segmentId
DistributedVirtualSwitchHostMemberConfigInfo = nsxSwitch ensEnabled ensInterruptEnabled transportZones
  nsxtUsedUplinkNames
GuestDiskInfo = filesystemType mappings
GuestInfo = hwVersion
HostCapability = assignableHardwareSupported useFeatureReqsForOldHWv markPerenniallyReservedSupported
  hppPspSupported deviceRebindWithoutRebootSupported storagePolicyChangeSupported
  precisionTimeProtocolSupported remoteDeviceVMotionSupported maxSupportedVmMemory
HostConfigInfo = descriptionTreeCheckSum assignableHardwareBinding assignableHardwareConfig
HostConfigManager = assignableHardwareManager
HostDateTimeInfo = systemClockProtocol
HostHardwareInfo = sgxInfo sevInfo
HostListSummary = currentEVCGraphicsModeKey trustAuthorityAttestationInfos
HostMemberRuntimeInfo = nsxtStatus nsxtStatusDetail
HostNetCapabilities = backupNfcNiocSupported
HostNetworkInfo = rdmaDevice nsxTransportNodeId
HostProxySwitch = nsxtEnabled ensEnabled ensInterruptEnabled transportZones nsxUsedUplinkPort nsxtStatus
  nsxtStatusDetail
PhysicalNic = ensInterruptSupported rdmaDevice
ResourceConfigSpec = scaleDescendantsShares
ResourcePoolRuntimeInfo = sharesScalable
ScsiLun = perenniallyReserved clusteredVmdkSupported
ServiceContent = guestCustomizationManager tenantManager siteInfoManager storageQueryManager
ToolsConfigInfo = syncTimeWithHostAllowed
VMwareDVSFeatureCapability = nsxSupported
VMwareDVSPortSetting = VNI
VirtualMachineCapability = toolsSyncTimeAllowSupported sevSupported
VirtualMachineConfigInfo = vcpuConfig sgxInfo contentLibItemInfo guestMonitoringModeInfo sevEnabled
VirtualMachineConfigSummary = hwVersion
VirtualMachineGuestSummary = hwVersion
VirtualMachineQuickStats = overallCpuReadiness grantedMemory
VirtualMachineTicket = url
`;

const SINCE_8 = `
VirtualHardware = simultaneousThreads deviceGroups motherboardLayout
VirtualMachineConfigInfo = numaInfo pmem deviceGroups fixedPassthruHotPlugEnabled metroFtEnabled metroFtHostGroup
  pmemFailoverEnabled vmxStatsCollectionEnabled vmOpNotificationToAppEnabled vmOpNotificationTimeout deviceSwap vmDevices
`;

/** Fields, written `Type.field`, that are left out of a reply. */
export type HiddenFields = ReadonlySet<string>;

function fieldsOf(table: string): readonly string[] {
  return table
    .trim()
    .split(/\n(?! )/)
    .flatMap((row) => {
      const [type = '', fields = ''] = row.split(' = ');
      return fields.split(/\s+/).map((field) => `${type}.${field}`);
    });
}

const HIDDEN_BEFORE_8: HiddenFields = new Set(fieldsOf(SINCE_8));
const HIDDEN_BEFORE_7: HiddenFields = new Set([...fieldsOf(SINCE_7), ...HIDDEN_BEFORE_8]);

/**
 * What a client does not know, by the version in its header `SOAPAction`, for example `"urn:vim25/6.7.1"`.
 * Null when that is nothing: it speaks a version as new as ours, or does not say.
 */
export function hiddenFrom(soapAction: string | undefined): HiddenFields | null {
  const major = /^"?urn:vim25\/(\d+)/.exec(soapAction ?? '')?.[1];
  if (major === undefined || Number(major) >= 8) return null;
  return Number(major) === 7 ? HIDDEN_BEFORE_8 : HIDDEN_BEFORE_7;
}
