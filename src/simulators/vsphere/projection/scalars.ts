import type { MoRef, VimArray, VimScalar } from '../vim/values';
import { array, enumeration } from '../vim/values';

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
