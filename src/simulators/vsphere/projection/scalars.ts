import type { MoRef, VimArray, VimScalar, VimStruct } from '../vim/values';
import { array, enumeration, long } from '../vim/values';

const known = new Map<string, VimScalar>();

/** An enumeration's value; one object for each, however many machines have it. */
export function enumOf(type: string, value: string): VimScalar {
  const key = `${type}:${value}`;
  let found = known.get(key);
  if (!found) known.set(key, (found = enumeration(type, value)));
  return found;
}

export function short(value: number): VimScalar {
  return { $scalar: 'xsd:short', value };
}

export function refs(items: readonly MoRef[]): VimArray {
  return array('ManagedObjectReference', items);
}

export function strings(items: readonly string[]): VimArray {
  return array('xsd:string', items);
}

export function integers(items: readonly number[]): VimArray {
  return array('xsd:int', items);
}

export const GREEN = enumOf('ManagedEntityStatus', 'green');
export const GRAY = enumOf('ManagedEntityStatus', 'gray');

/** As `struct`, for what comes by the ten thousand: the literal is the data object, and nothing is copied. */
export function data(fields: VimStruct): VimStruct {
  return fields;
}

const sizes = new Map<number, VimScalar>();
const MOST_SIZES = 4096;

/** As `long`; sizes of disks and memory repeat, and then they share one object. */
export function size(value: number): VimScalar {
  let found = sizes.get(value);
  if (!found) {
    if (sizes.size >= MOST_SIZES) sizes.clear();
    sizes.set(value, (found = long(value)));
  }
  return found;
}

let latest = new Date(0);

/** As `new Date`; what was made at the same moment shares one object. */
export function dateOf(timeMs: number): Date {
  if (latest.getTime() !== timeMs) latest = new Date(timeMs);
  return latest;
}
