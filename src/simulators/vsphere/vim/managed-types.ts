/**
 * The managed object types: `Type`, or `Type < Base`, then the names of the properties that the type adds to those
 * of its base. Whoever asks for a name that stands here and has no value learns that it is unset; every other name
 * is an InvalidProperty. From the reference of the vSphere Web Services API 8.0.
 */
const TABLE = `
ExtensibleManagedObject: availableField value
ManagedEntity < ExtensibleManagedObject: alarmActionsEnabled configIssue configStatus customValue
  declaredAlarmState disabledMethod effectiveRole name overallStatus parent permission recentTask tag
  triggeredAlarmState
Folder < ManagedEntity: childEntity childType namespace
StoragePod < Folder: podStorageDrsEntry summary
Datacenter < ManagedEntity: configuration datastore datastoreFolder hostFolder network networkFolder
  vmFolder
ComputeResource < ManagedEntity: configurationEx datastore environmentBrowser host lifecycleManaged
  network resourcePool summary
ClusterComputeResource < ComputeResource: actionHistory configuration drsFault drsRecommendation hciConfig
  migrationHistory recommendation summaryEx
HostSystem < ManagedEntity: answerFileValidationResult answerFileValidationState capability
  complianceCheckResult complianceCheckState config configManager datastore datastoreBrowser hardware
  licensableResource network precheckRemediationResult remediationResult remediationState runtime summary
  systemResources vm
ResourcePool < ManagedEntity: childConfiguration config namespace owner resourcePool runtime summary vm
VirtualApp < ResourcePool: childLink datastore network parentFolder parentVApp vAppConfig
VirtualMachine < ManagedEntity: capability config datastore environmentBrowser guest guestHeartbeatStatus
  layout layoutEx network parentVApp resourceConfig resourcePool rootSnapshot runtime snapshot storage
  summary
Datastore < ManagedEntity: browser capability host info iormConfiguration summary vm
Network < ManagedEntity: host summary vm
OpaqueNetwork < Network: capability extraConfig
DistributedVirtualPortgroup < Network: config key portKeys
DistributedVirtualSwitch < ManagedEntity: capability config networkResourcePool portgroup runtime summary
  uuid
VmwareDistributedVirtualSwitch < DistributedVirtualSwitch:
VirtualMachineSnapshot < ExtensibleManagedObject: childSnapshot config vm
Task < ExtensibleManagedObject: info
HttpNfcLease: capabilities error info initializeProgress mode state transferProgress
EnvironmentBrowser: datastoreBrowser
HostDatastoreBrowser: datastore supportedType
HostDatastoreSystem: capabilities datastore
HostNetworkSystem < ExtensibleManagedObject: capabilities consoleIpRouteConfig dnsConfig ipRouteConfig
  networkConfig networkInfo offloadCapabilities
HostStorageSystem < ExtensibleManagedObject: fileSystemVolumeInfo multipathStateInfo storageDeviceInfo
  systemFile
HostVirtualNicManager < ExtensibleManagedObject: info
ServiceInstance: capability content serverClock
SessionManager: currentSession defaultLocale message messageLocaleList sessionList supportedLocaleList
PropertyCollector: filter
PropertyFilter: partialUpdates spec
View:
ManagedObjectView < View: view
ContainerView < ManagedObjectView: container recursive type
ListView < ManagedObjectView:
InventoryView < ManagedObjectView:
ViewManager: viewList
SearchIndex:
HistoryCollector: filter
TaskHistoryCollector < HistoryCollector: latestPage
EventHistoryCollector < HistoryCollector: latestPage
TaskManager: description maxCollector recentTask
EventManager: description latestEvent maxCollector
CustomFieldsManager: field
CustomizationSpecManager: encryptionKey info
AuthorizationManager: description privilegeList roleList
AlarmManager: defaultExpression description
ExtensionManager: extensionList
LicenseManager: diagnostics evaluation featureInfo licenseAssignmentManager licensedEdition licenses
  source sourceAvailable
OptionManager: setting supportedOption
OvfManager: ovfExportOption ovfImportOption
PerformanceManager: description historicalInterval perfCounter
DistributedVirtualSwitchManager:
FileManager:
VirtualDiskManager:
GuestOperationsManager: aliasManager authManager fileManager guestWindowsRegistryManager processManager
UserDirectory: domainList
ScheduledTaskManager: description scheduledTask
StorageResourceManager:
DiagnosticManager:
IpPoolManager:
`;

interface ManagedType {
  readonly base: string | null;
  readonly properties: readonly string[];
}

const TYPES: ReadonlyMap<string, ManagedType> = new Map(
  TABLE.trim()
    .split(/\n(?! )/)
    .map((line) => readRow(line)),
);

function readRow(line: string): [string, ManagedType] {
  const [head = '', properties = ''] = line.split(':');
  const [type = '', base = null] = head.trim().split(' < ');
  return [type, { base, properties: properties.trim().split(/\s+/).filter(Boolean) }];
}

/** The type and what it is derived from, the most derived first; empty for a type that does not exist. */
export function lineage(type: string): readonly string[] {
  const line: string[] = [];
  for (let at: string | null = type; at !== null; at = TYPES.get(at)?.base ?? null) {
    if (TYPES.has(at)) line.push(at);
  }
  return line;
}

const lineages = new Map([...TYPES.keys()].map((type) => [type, new Set(lineage(type))]));
const properties = new Map(
  [...TYPES.keys()].map((type) => [
    type,
    new Set(lineage(type).flatMap((each) => TYPES.get(each)?.properties ?? [])),
  ]),
);
const NONE: ReadonlySet<string> = new Set();

/** `ManagedObject` is what everything is. */
export function isManagedType(type: string): boolean {
  return TYPES.has(type) || type === 'ManagedObject';
}

/** Whether an object of `type` is a `base` too. */
export function isA(type: string, base: string): boolean {
  return type === base || base === 'ManagedObject' || (lineages.get(type)?.has(base) ?? false);
}

/** Every type that is a `base`, itself included. */
export function typesOf(base: string): readonly string[] {
  return [...TYPES.keys()].filter((type) => isA(type, base));
}

/** The names of the properties of a type, inherited ones included. */
export function propertiesOf(type: string): ReadonlySet<string> {
  return properties.get(type) ?? NONE;
}
