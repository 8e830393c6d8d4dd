import type { VmObservation, VmSize } from '../contract';
import type { Server } from './client';
import { METADATA_PREFIX } from './identity';

/**
 * What was asked for, which a flavor is at least: tells a repeated resize, whose disk is smaller than the flavor's, from
 * one that would shrink the disk below what was asked for before.
 */
const SIZE = `${METADATA_PREFIX}size`;

export type WholeSize = Pick<VmObservation, 'cpuCount' | 'memoryMib' | 'diskGib'>;

export function sizeMetadata({ cpuCount, memoryMib, diskGib }: WholeSize): Readonly<Record<string, string>> {
  return { [SIZE]: `${cpuCount},${memoryMib},${diskGib}` };
}

export function actualSize({ flavor }: Server): WholeSize {
  return { cpuCount: flavor.vcpus, memoryMib: flavor.ram, diskGib: flavor.disk };
}

/** As recorded; the actual sizes of what carries no record. */
export function requestedSize(server: Server): WholeSize {
  const match = /^(\d{1,9}),(\d{1,9}),(\d{1,9})$/.exec(server.metadata[SIZE] ?? '');
  if (match === null) return actualSize(server);
  const [, cpuCount, memoryMib, diskGib] = match.map(Number);
  const actual = actualSize(server);
  return {
    cpuCount: cpuCount ?? actual.cpuCount,
    memoryMib: memoryMib ?? actual.memoryMib,
    diskGib: diskGib ?? actual.diskGib,
  };
}

export function sameSize(one: WholeSize, other: WholeSize): boolean {
  return (
    one.cpuCount === other.cpuCount && one.memoryMib === other.memoryMib && one.diskGib === other.diskGib
  );
}

/** The size with what is named in `change` put in. */
export function merged(size: WholeSize, { cpuCount, memoryMib, diskGib }: VmSize): WholeSize {
  return {
    cpuCount: cpuCount ?? size.cpuCount,
    memoryMib: memoryMib ?? size.memoryMib,
    diskGib: diskGib ?? size.diskGib,
  };
}
