import { invalidArgument } from '../../kernel';
import type { AppError } from '../../kernel';
import type { Flavor } from './client';

/** What a VM needs at least. */
export interface NeededSize {
  readonly cpuCount: number;
  readonly memoryMib: number;
  readonly diskGib: number;
}

/** How much of the other sizes is worth a processor: catalogs have no prices. */
const WORTH_A_CPU = { memoryMib: 4_096, diskGib: 100 };

/**
 * The smallest flavor that has at least what is needed.
 * @param path where the sizes stand in the input: `spec` or `size`
 * @throws INVALID_ARGUMENT, naming the field, where there is none
 */
export function chooseFlavor(flavors: readonly Flavor[], needed: NeededSize, path: string): Flavor {
  const [smallest] = flavors.filter((flavor) => holds(flavor, needed)).sort(bySize);
  if (smallest === undefined) throw noFlavor(flavors, needed, path);
  return smallest;
}

/**
 * Those that VMs may have: allowed by the configuration and not withdrawn. A flavor without a disk takes one that is as
 * large as the image, or boots from a volume: it promises no size.
 */
export function usableFlavors(
  flavors: readonly Flavor[],
  patterns: readonly string[] | undefined,
): readonly Flavor[] {
  const allowed = patterns?.map(matcher);
  return flavors.filter(
    (flavor) =>
      flavor.disk > 0 &&
      flavor['OS-FLV-DISABLED:disabled'] !== true &&
      (allowed === undefined || allowed.some((pattern) => pattern.test(flavor.name))),
  );
}

function matcher(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}

function holds({ vcpus, ram, disk }: Flavor, needed: NeededSize): boolean {
  return vcpus >= needed.cpuCount && ram >= needed.memoryMib && disk >= needed.diskGib;
}

function bySize(one: Flavor, other: Flavor): number {
  return costOf(one) - costOf(other) || (one.name < other.name ? -1 : 1);
}

function costOf({ vcpus, ram, disk }: Flavor): number {
  return vcpus + ram / WORTH_A_CPU.memoryMib + disk / WORTH_A_CPU.diskGib;
}

/** Names the size that no flavor has; or, where each of them can be had, the one that cannot be had with the others. */
function noFlavor(flavors: readonly Flavor[], needed: NeededSize, path: string): AppError {
  const most = {
    cpuCount: Math.max(0, ...flavors.map(({ vcpus }) => vcpus)),
    memoryMib: Math.max(0, ...flavors.map(({ ram }) => ram)),
    diskGib: Math.max(0, ...flavors.map(({ disk }) => disk)),
  };
  for (const field of ['cpuCount', 'memoryMib', 'diskGib'] as const)
    if (needed[field] > most[field])
      return invalidArgument(`${path}.${field}`, `must be at most ${most[field]} on this backend.`);
  return invalidArgument(
    `${path}.diskGib`,
    'cannot be had together with the processors and the memory asked for.',
  );
}
