import type { Capabilities } from '../../src/providers/contract';
import type { FaultName, ProviderHarness } from './harness';
import type { Session } from './session';

export const CAPABILITY_GROUPS = [
  'capability-manifest',
  'backend',
  'images',
  'vm-creation',
  'vm-power',
  'vm-graceful-stop',
  'vm-reboot',
  'vm-suspend',
  'vm-resize',
  'vm-deletion',
  'vm-listing',
  'guest-customization',
  'console-log',
  'networks',
  'operations',
  'watch',
  'ownership',
  'errors',
] as const;

export type CapabilityGroup = (typeof CAPABILITY_GROUPS)[number];

/** What a harness may lack; a case that needs it is then reported as skipped. */
export type Need = FaultName | 'guest' | 'largeImage' | 'networkUse';

/** One rule of the contract, put to a provider. Plain data, so that the suite itself can be tested. */
export interface ConformanceCase {
  readonly capability: CapabilityGroup;
  readonly name: string;
  /** Whether the manifest makes it apply; always when left out. */
  readonly when?: (capabilities: Capabilities) => boolean;
  readonly needs?: readonly Need[];
  /** Throws when the provider breaks the rule. */
  readonly run: (session: Session) => Promise<void>;
}

/** Puts the group on each of its cases. */
export function cases(
  capability: CapabilityGroup,
  list: readonly Omit<ConformanceCase, 'capability'>[],
): readonly ConformanceCase[] {
  return list.map((each) => ({ capability, ...each }));
}

export function applies(each: ConformanceCase, harness: ProviderHarness): boolean {
  return each.when?.(harness.capabilities) ?? true;
}

export function missingNeeds(each: ConformanceCase, harness: ProviderHarness): Need[] {
  const offered = new Set<Need>(harness.faults);
  if (harness.guest) offered.add('guest');
  if (harness.largeImageRef !== undefined) offered.add('largeImage');
  if (!harness.deletesUsedNetworks) offered.add('networkUse');
  return (each.needs ?? []).filter((need) => !offered.has(need));
}
