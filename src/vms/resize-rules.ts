import { AppError } from '../kernel';
import type { Capabilities, VmSize } from '../providers/contract';

type Support = Capabilities['vm']['resize'];
type Sizes = Readonly<Required<VmSize>>;

/** Which part of a backend's capabilities speaks of which size. */
const SUPPORTED_BY = { cpuCount: 'cpu', memoryMib: 'memory', diskGib: 'disk' } as const;
const FIELDS = ['cpuCount', 'memoryMib', 'diskGib'] as const;

/** Whether a VM of these sizes has to be stopped to get the other ones. */
export function needsStop(from: Sizes, size: VmSize, support: Support): boolean {
  return FIELDS.some((field) => {
    const changes = size[field] !== undefined && size[field] !== from[field];
    return changes && support[SUPPORTED_BY[field]] === 'WHEN_STOPPED';
  });
}

/**
 * What is to be asked of the backend: without sizes that it can never change, where they are as wanted already.
 * @throws UNSUPPORTED naming the field, where they are not
 */
export function changeableSize(from: Sizes, size: VmSize, support: Support): VmSize {
  const named = FIELDS.filter((field) => size[field] !== undefined);
  const fixed = named.filter((field) => support[SUPPORTED_BY[field]] === 'NEVER');
  const refused = fixed.find((field) => size[field] !== from[field] || fixed.length === named.length);
  if (refused) {
    throw new AppError('UNSUPPORTED', `input.${refused}: the backend cannot change this.`, {
      details: { field: `input.${refused}` },
    });
  }
  return Object.fromEntries(
    named.filter((field) => !fixed.includes(field)).map((field) => [field, size[field]]),
  );
}
