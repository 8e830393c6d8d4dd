/** RPC program numbers: the hypervisor API itself, and the protocol that only proves that the peer is alive. */
export const PROGRAM = { remote: 0x20008086, keepalive: 0x6b656570 } as const;

/** Every program speaks version 1. */
export const PROTOCOL_VERSION = 1;

/**
 * Procedure numbers of the program REMOTE: the `REMOTE_PROC_*` enumeration of libvirt's
 * `src/remote/remote_protocol.x`, which is append-only across versions. The server ignores trailing bytes of
 * arguments, so that a wrong number may "succeed": `procedures.test.ts` compares this table with the names,
 * and the live test proves each number by its effect.
 */
export const PROCEDURE = {
  connectOpen: 1,
  connectClose: 2,
  connectGetType: 3,
  connectGetVersion: 4,
  nodeGetInfo: 6,
  connectGetCapabilities: 7,
  domainGetXmlDesc: 14,
  domainGetInfo: 16,
  domainLookupByName: 23,
  domainLookupByUuid: 24,
  domainReboot: 27,
  domainResume: 28,
  domainSetAutostart: 29,
  domainSuspend: 34,
  networkCreate: 39,
  networkDefineXml: 41,
  networkDestroy: 42,
  networkGetXmlDesc: 43,
  networkGetBridgeName: 45,
  networkLookupByName: 46,
  networkLookupByUuid: 47,
  networkSetAutostart: 48,
  networkUndefine: 49,
  connectGetHostname: 59,
  connectSupportsFeature: 60,
  authList: 66,
  authPolkit: 70,
  storagePoolDefineXml: 77,
  storagePoolCreate: 78,
  storagePoolBuild: 79,
  storagePoolDestroy: 80,
  storagePoolUndefine: 82,
  storagePoolRefresh: 83,
  storagePoolLookupByName: 84,
  storagePoolGetInfo: 87,
  storagePoolGetXmlDesc: 88,
  storagePoolSetAutostart: 90,
  storageVolCreateXml: 93,
  storageVolDelete: 94,
  storageVolLookupByName: 95,
  storageVolLookupByKey: 96,
  storageVolLookupByPath: 97,
  storageVolGetInfo: 98,
  storageVolGetXmlDesc: 99,
  storageVolGetPath: 100,
  nodeGetFreeMemory: 102,
  storageVolCreateXmlFrom: 125,
  domainIsActive: 150,
  networkIsActive: 152,
  storagePoolIsActive: 154,
  connectGetLibVersion: 157,
  domainAttachDeviceFlags: 160,
  domainDetachDeviceFlags: 161,
  domainUpdateDeviceFlags: 174,
  domainManagedSave: 182,
  domainHasManagedSaveImage: 183,
  domainManagedSaveRemove: 184,
  domainGetBlockInfo: 194,
  domainCreateWithFlags: 196,
  domainSetVcpusFlags: 199,
  domainGetVcpusFlags: 200,
  domainOpenConsole: 201,
  domainSetMemoryFlags: 204,
  storageVolUpload: 208,
  storageVolDownload: 209,
  domainGetState: 212,
  domainUndefineFlags: 231,
  domainDestroyFlags: 234,
  domainReset: 245,
  domainBlockResize: 251,
  domainShutdownFlags: 258,
  storageVolResize: 260,
  domainSetMetadata: 264,
  domainGetMetadata: 265,
  connectListAllDomains: 273,
  connectListAllStoragePools: 281,
  storagePoolListAllVolumes: 282,
  connectListAllNetworks: 283,
  connectNetworkEventRegisterAny: 313,
  connectNetworkEventDeregisterAny: 314,
  networkEventLifecycle: 315,
  connectDomainEventCallbackRegisterAny: 316,
  connectDomainEventCallbackDeregisterAny: 317,
  domainEventCallbackLifecycle: 318,
  domainEventCallbackReboot: 319,
  networkGetDhcpLeases: 341,
  connectGetAllDomainStats: 344,
  domainDefineXmlFlags: 350,
  domainInterfaceAddresses: 353,
} as const;

export type ProcedureName = keyof typeof PROCEDURE;
export type ProcedureNumber = (typeof PROCEDURE)[ProcedureName];

const NAME_BY_NUMBER: ReadonlyMap<number, string> = new Map(
  Object.entries(PROCEDURE).map(([name, number]) => [number, name]),
);

/** The name for messages and logs. */
export function procedureName(number: number): string {
  return NAME_BY_NUMBER.get(number) ?? `procedure ${number}`;
}
