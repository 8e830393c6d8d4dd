/** Hosts, clusters, pools and datastores. Source: VMware vSphere Web Services API, WSDL vim25. */
import {
  boolean,
  dateTime,
  enumeration,
  int,
  long,
  moRef,
  optional,
  short,
  string,
  struct,
} from './combinators';
import { ResourceAllocationInfo } from './config-spec';
import type { Infer } from './schema';

export const HostConnectionState = enumeration(
  'HostSystemConnectionState',
  'connected',
  'notResponding',
  'disconnected',
);

export const HostHardwareSummary = struct('HostHardwareSummary', {
  vendor: string,
  model: string,
  uuid: string,
  /** Bytes. */
  memorySize: long,
  cpuModel: string,
  cpuMhz: int,
  numCpuPkgs: short,
  numCpuCores: short,
  numCpuThreads: short,
});

export const HostQuickStats = struct('HostListSummaryQuickStats', {
  /** MHz. */
  overallCpuUsage: optional(int),
  /** MB. */
  overallMemoryUsage: optional(int),
  /** Seconds. */
  uptime: optional(int),
});

export const ComputeResourceSummary = struct('ComputeResourceSummary', {
  /** MHz. */
  totalCpu: int,
  /** Bytes. */
  totalMemory: long,
  numCpuCores: short,
  numCpuThreads: short,
  /** MHz. */
  effectiveCpu: int,
  /** MB, unlike the total. */
  effectiveMemory: long,
  numHosts: int,
  numEffectiveHosts: int,
  overallStatus: optional(string),
});

export const DatastoreSummary = struct('DatastoreSummary', {
  datastore: optional(moRef('Datastore')),
  name: string,
  url: string,
  /** Bytes. */
  capacity: long,
  /** Bytes. */
  freeSpace: long,
  /** Bytes that thin disks may yet claim. */
  uncommitted: optional(long),
  accessible: boolean,
  multipleHostAccess: optional(boolean),
  type: string,
  /** `normal`, `enteringMaintenance` or `inMaintenance`. */
  maintenanceMode: optional(string),
});

/** How large a resource pool is. For a new one, every field of both allocations is required. */
export const ResourceConfigSpec = struct('ResourceConfigSpec', {
  entity: optional(moRef()),
  changeVersion: optional(string),
  lastModified: optional(dateTime),
  cpuAllocation: ResourceAllocationInfo,
  memoryAllocation: ResourceAllocationInfo,
});
export type ResourceConfigSpec = Infer<typeof ResourceConfigSpec>;
