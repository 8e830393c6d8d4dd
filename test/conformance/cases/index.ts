import type { ConformanceCase } from '../conformance-case';
import { backendCases } from './backend.cases';
import { capabilityManifestCases } from './capability-manifest.cases';
import { consoleLogCases } from './console-log.cases';
import { errorsCases } from './errors.cases';
import { guestCustomizationCases } from './guest-customization.cases';
import { imagesCases } from './images.cases';
import { networksCases } from './networks.cases';
import { operationsCases } from './operations.cases';
import { ownershipCases } from './ownership.cases';
import { vmCreationCases } from './vm-creation.cases';
import { vmDeletionCases } from './vm-deletion.cases';
import { vmGracefulStopCases } from './vm-graceful-stop.cases';
import { vmListingCases } from './vm-listing.cases';
import { vmPowerCases } from './vm-power.cases';
import { vmRebootCases } from './vm-reboot.cases';
import { vmResizeCases } from './vm-resize.cases';
import { vmSuspendCases } from './vm-suspend.cases';
import { watchCases } from './watch.cases';

export const ALL_CASES: readonly ConformanceCase[] = [
  ...capabilityManifestCases,
  ...backendCases,
  ...imagesCases,
  ...vmCreationCases,
  ...vmPowerCases,
  ...vmGracefulStopCases,
  ...vmRebootCases,
  ...vmSuspendCases,
  ...vmResizeCases,
  ...vmDeletionCases,
  ...vmListingCases,
  ...guestCustomizationCases,
  ...consoleLogCases,
  ...networksCases,
  ...operationsCases,
  ...watchCases,
  ...ownershipCases,
  ...errorsCases,
];
