import { struct } from '../vim/values';

/** What can be done with a machine here, and what cannot. */
export const MACHINE_CAPABILITY = struct('VirtualMachineCapability', {
  snapshotOperationsSupported: true,
  multipleSnapshotsSupported: true,
  snapshotConfigSupported: true,
  poweredOffSnapshotsSupported: true,
  memorySnapshotsSupported: true,
  revertToSnapshotSupported: true,
  quiescedSnapshotsSupported: false,
  disableSnapshotsSupported: false,
  lockSnapshotsSupported: false,
  consolePreferencesSupported: false,
  cpuFeatureMaskSupported: false,
  s1AcpiManagementSupported: false,
  settingScreenResolutionSupported: false,
  toolsAutoUpdateSupported: false,
  vmNpivWwnSupported: false,
  npivWwnOnNonRdmVmSupported: false,
  swapPlacementSupported: false,
  toolsSyncTimeSupported: false,
  virtualMmuUsageSupported: false,
  diskSharesSupported: false,
  bootOptionsSupported: false,
  settingVideoRamSizeSupported: false,
  multipleCoresPerSocketSupported: true,
});
