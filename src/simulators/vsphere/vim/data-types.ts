/**
 * Fields of the data objects that clients look into: `Type = field field:TypeOfField`. A type that does not stand
 * here, or has others derived from it, may have any field. From the reference of the vSphere Web Services API 8.0.
 */
const TABLE = `
VirtualMachineConfigInfo = changeVersion modified name guestFullName version uuid createDate instanceUuid
  npivNodeWorldWideName npivPortWorldWideName npivWorldWideNameType npivDesiredNodeWwns
  npivDesiredPortWwns npivTemporaryDisabled npivOnNonRdmDisks locationId template guestId
  alternateGuestName annotation files:VirtualMachineFileInfo tools:ToolsConfigInfo
  flags:VirtualMachineFlagInfo consolePreferences defaultPowerOps hardware:VirtualHardware vcpuConfig
  cpuAllocation:ResourceAllocationInfo memoryAllocation:ResourceAllocationInfo latencySensitivity
  memoryHotAddEnabled cpuHotAddEnabled cpuHotRemoveEnabled hotPlugMemoryLimit hotPlugMemoryIncrementSize
  cpuAffinity memoryAffinity networkShaper extraConfig cpuFeatureMask datastoreUrl swapPlacement
  bootOptions:VirtualMachineBootOptions ftInfo repConfig vAppConfig vAssertsEnabled changeTrackingEnabled
  firmware maxMksConnections guestAutoLockEnabled managedBy memoryReservationLockedToMax initialOverhead
  nestedHVEnabled vPMCEnabled scheduledHardwareUpgradeInfo forkConfigInfo vFlashCacheReservation
  vmxConfigChecksum messageBusTunnelEnabled vmStorageObjectId swapStorageObjectId keyId guestIntegrityInfo
  migrateEncryption sgxInfo contentLibItemInfo guestMonitoringModeInfo sevEnabled numaInfo pmem
  deviceGroups fixedPassthruHotPlugEnabled metroFtEnabled metroFtHostGroup pmemFailoverEnabled
  vmxStatsCollectionEnabled vmOpNotificationToAppEnabled vmOpNotificationTimeout deviceSwap vmDevices
VirtualHardware = numCPU numCoresPerSocket memoryMB virtualICH7MPresent virtualSMCPresent device
  simultaneousThreads deviceGroups motherboardLayout
VirtualMachineRuntimeInfo = device host connectionState powerState faultToleranceState dasVmProtection
  toolsInstallerMounted suspendTime bootTime suspendInterval question memoryOverhead maxCpuUsage
  maxMemoryUsage numMksConnections recordReplayState cleanPowerOff needSecondaryReason onlineStandby
  minRequiredEVCModeKey consolidationNeeded offlineFeatureRequirement featureRequirement featureMask
  vFlashCacheAllocation paused snapshotInBackground quiescedForkParent instantCloneFrozen cryptoState
GuestInfo = toolsStatus toolsVersionStatus toolsVersionStatus2 toolsRunningStatus toolsVersion
  toolsInstallType guestId guestFamily guestFullName hostName ipAddress net:GuestNicInfo ipStack disk
  screen guestState appHeartbeatStatus guestKernelCrashed appState guestOperationsReady
  interactiveGuestOperationsReady guestStateChangeSupported generationInfo hwVersion
GuestNicInfo = network ipAddress macAddress connected deviceConfigId dnsConfig ipConfig netBIOSConfig
VirtualMachineSummary = vm runtime:VirtualMachineRuntimeInfo guest:VirtualMachineGuestSummary
  config:VirtualMachineConfigSummary storage:VirtualMachineStorageSummary
  quickStats:VirtualMachineQuickStats overallStatus customValue
VirtualMachineConfigSummary = name template vmPathName memorySizeMB cpuReservation memoryReservation
  numCpu numEthernetCards numVirtualDisks uuid instanceUuid guestId guestFullName annotation product
  installBootRequired ftInfo managedBy tpmPresent numVmiopBackings hwVersion
VirtualMachineGuestSummary = guestId guestFullName toolsStatus toolsVersionStatus toolsVersionStatus2
  toolsRunningStatus hostName ipAddress hwVersion
VirtualMachineQuickStats = overallCpuUsage overallCpuDemand overallCpuReadiness guestMemoryUsage
  hostMemoryUsage guestHeartbeatStatus distributedCpuEntitlement distributedMemoryEntitlement
  staticCpuEntitlement staticMemoryEntitlement grantedMemory privateMemory sharedMemory swappedMemory
  balloonedMemory consumedOverheadMemory ftLogBandwidth ftSecondaryLatency ftLatencyStatus
  compressedMemory uptimeSeconds ssdSwappedMemory
VirtualMachineStorageSummary = committed uncommitted unshared timestamp
VirtualMachineFileInfo = vmPathName snapshotDirectory suspendDirectory logDirectory ftMetadataDirectory
VirtualMachineFlagInfo = disableAcceleration enableLogging useToe runWithDebugInfo monitorType htSharing
  snapshotDisabled snapshotLocked diskUuidEnabled virtualMmuUsage virtualExecUsage
  snapshotPowerOffBehavior recordReplayEnabled faultToleranceType cbrcCacheEnabled vvtdEnabled vbsEnabled
VirtualMachineBootOptions = bootDelay enterBIOSSetup efiSecureBootEnabled bootRetryEnabled bootRetryDelay
  bootOrder networkBootProtocol
ToolsConfigInfo = toolsVersion toolsInstallType afterPowerOn afterResume beforeGuestStandby
  beforeGuestShutdown beforeGuestReboot toolsUpgradePolicy pendingCustomization customizationKeyId
  syncTimeWithHostAllowed syncTimeWithHost lastInstallInfo
ResourceAllocationInfo = reservation expandableReservation limit shares overheadLimit
VirtualMachineSnapshotInfo = currentSnapshot rootSnapshotList:VirtualMachineSnapshotTree
VirtualMachineSnapshotTree = snapshot vm name description id createTime state quiesced backupManifest
  childSnapshotList:VirtualMachineSnapshotTree replaySupported
VirtualMachineStorageInfo = perDatastoreUsage timestamp
HostListSummary = host hardware:HostHardwareSummary runtime:HostRuntimeInfo config
  quickStats:HostListSummaryQuickStats overallStatus rebootRequired customValue managementServerIp
  maxEVCModeKey currentEVCModeKey currentEVCGraphicsModeKey gateway tpmAttestation
  trustAuthorityAttestationInfos
HostHardwareSummary = vendor model uuid otherIdentifyingInfo memorySize cpuModel cpuMhz numCpuPkgs
  numCpuCores numCpuThreads numNics numHBAs
HostListSummaryQuickStats = overallCpuUsage overallMemoryUsage distributedCpuFairness
  distributedMemoryFairness availablePMemCapacity uptime
HostHardwareInfo = systemInfo cpuPowerManagementInfo cpuInfo:HostCpuInfo cpuPkg memorySize numaInfo
  smcPresent pciDevice cpuFeature biosInfo reliableMemoryInfo persistentMemoryInfo sgxInfo sevInfo
HostCpuInfo = numCpuPackages numCpuCores numCpuThreads hz
HostRuntimeInfo = connectionState powerState standbyMode inMaintenanceMode inQuarantineMode bootTime
  healthSystemRuntime dasHostState tpmPcrValues vsanRuntimeInfo networkRuntimeInfo
  vFlashResourceRuntimeInfo hostMaxVirtualDiskCapacity cryptoState cryptoKeyId
DatastoreSummary = datastore name url capacity freeSpace uncommitted accessible multipleHostAccess type
  maintenanceMode
DatastoreCapability = directoryHierarchySupported rawDiskMappingsSupported
  perFileThinProvisioningSupported storageIORMSupported nativeSnapshotSupported
  topLevelDirectoryCreateSupported seSparseSupported vmfsSparseSupported vsanSparseSupported upitSupported
  vmdkExpandSupported clusteredVmdkSupported
ResourcePoolRuntimeInfo = memory:ResourcePoolResourceUsage cpu:ResourcePoolResourceUsage overallStatus
  sharesScalable
ResourcePoolResourceUsage = reservationUsed reservationUsedForVm unreservedForPool unreservedForVm
  overallUsage maxUsage
ResourceConfigSpec = entity changeVersion lastModified cpuAllocation:ResourceAllocationInfo
  memoryAllocation:ResourceAllocationInfo scaleDescendantsShares
TaskInfo = key task description name descriptionId entity entityName locked state cancelled cancelable
  error result progress reason queueTime startTime completeTime eventChainId changeTag parentTaskKey
  rootTaskKey activationId
ServiceContent = rootFolder propertyCollector viewManager about:AboutInfo setting userDirectory
  sessionManager authorizationManager serviceManager perfManager scheduledTaskManager alarmManager
  eventManager taskManager extensionManager customizationSpecManager guestCustomizationManager
  customFieldsManager accountManager diagnosticManager licenseManager searchIndex fileManager
  datastoreNamespaceManager virtualDiskManager virtualizationManager snmpSystem vmProvisioningChecker
  vmCompatibilityChecker ovfManager ipPoolManager dvSwitchManager hostProfileManager clusterProfileManager
  complianceManager localizationManager storageResourceManager guestOperationsManager
  overheadMemoryManager certificateManager ioFilterManager vStorageObjectManager hostSpecManager
  cryptoManager healthUpdateManager failoverClusterConfigurator failoverClusterManager tenantManager
  siteInfoManager storageQueryManager
AboutInfo = name fullName vendor version build localeVersion localeBuild osType productLineId apiType
  apiVersion instanceUuid licenseProductName licenseProductVersion
DatacenterConfigInfo = defaultHardwareVersionKey
`;

/** The types of properties of managed objects, as far as they stand above. */
const PROPERTY_TYPES: Readonly<Record<string, string>> = {
  'Datacenter.configuration': 'DatacenterConfigInfo',
  'Datastore.capability': 'DatastoreCapability',
  'Datastore.summary': 'DatastoreSummary',
  'HostSystem.hardware': 'HostHardwareInfo',
  'HostSystem.runtime': 'HostRuntimeInfo',
  'HostSystem.summary': 'HostListSummary',
  'ResourcePool.config': 'ResourceConfigSpec',
  'ResourcePool.runtime': 'ResourcePoolRuntimeInfo',
  'ServiceInstance.content': 'ServiceContent',
  'Task.info': 'TaskInfo',
  'VirtualMachine.config': 'VirtualMachineConfigInfo',
  'VirtualMachine.guest': 'GuestInfo',
  'VirtualMachine.resourceConfig': 'ResourceConfigSpec',
  'VirtualMachine.runtime': 'VirtualMachineRuntimeInfo',
  'VirtualMachine.snapshot': 'VirtualMachineSnapshotInfo',
  'VirtualMachine.storage': 'VirtualMachineStorageInfo',
  'VirtualMachine.summary': 'VirtualMachineSummary',
};

/** Type → field → the type of the field, or empty where nothing is known of it. */
const FIELDS: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map(
  TABLE.trim()
    .split(/\n(?! )/)
    .map((row) => {
      const [type = '', fields = ''] = row.split(' = ');
      return [type, new Map(fields.trim().split(/\s+/).map(readField))];
    }),
);

function readField(field: string): [string, string] {
  const [name = '', type = ''] = field.split(':');
  return [name, type];
}

/** The type of a property; empty where nothing is known of it. */
export function typeOfProperty(managedType: string, property: string): string {
  return PROPERTY_TYPES[`${managedType}.${property}`] ?? '';
}

/** The type of a field, empty where nothing is known of it; null when the type has no such field. */
export function typeOfField(type: string, field: string): string | null {
  const fields = FIELDS.get(type);
  return fields ? (fields.get(field) ?? null) : '';
}
