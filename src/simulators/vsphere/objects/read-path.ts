import { isArray, isMoRef, isSet, isStruct } from '../vim/value-kinds';
import type { VimArray, VimValue } from '../vim/values';
import { array } from '../vim/values';
import type { PathStep } from './property-path';

/** The value at the end of the steps; undefined where it, or anything on the way, is unset. */
export function readPath(
  properties: ReadonlyMap<string, VimValue>,
  steps: readonly PathStep[],
): VimValue | undefined {
  const [first, ...rest] = steps;
  if (!first) return undefined;
  let value = keyed(properties.get(first.name), first.key);
  for (const step of rest) value = keyed(fieldOf(value, step.name), step.key);
  return isSet(value) ? value : undefined;
}

function keyed(value: VimValue | undefined, key: string | null): VimValue | undefined {
  if (key === null || value === undefined) return value;
  return isArray(value) ? value.items[indexOfKey(value, key)] : undefined;
}

/** The place of the element with this key: its field `key`, a reference's id, or a plain value itself. */
export function indexOfKey(value: VimArray, key: string): number {
  return value.items.findIndex((item) => keyOf(item) === key);
}

function keyOf(item: VimValue): string | null {
  if (typeof item !== 'object') return String(item);
  if (isMoRef(item)) return item.value;
  const key = isStruct(item) ? item['key'] : undefined;
  return key === undefined || typeof key === 'object' ? null : String(key);
}

/** A path leads through an array to the fields of all its elements: `guest.net.macAddress`. */
function fieldOf(value: VimValue | undefined, name: string): VimValue | undefined {
  if (value === undefined) return undefined;
  if (isStruct(value)) return Object.hasOwn(value, name) ? value[name] : undefined;
  if (!isArray(value)) return undefined;
  const found = value.items.flatMap((item) => {
    const field = fieldOf(item, name);
    if (field === undefined) return [];
    return isArray(field) ? field.items : [field];
  });
  return found[0] === undefined ? undefined : array(elementType(found[0]), found);
}

function elementType(item: VimValue): string {
  if (typeof item === 'string') return 'xsd:string';
  if (typeof item === 'number') return 'xsd:int';
  if (typeof item === 'boolean') return 'xsd:boolean';
  if (item instanceof Date) return 'xsd:dateTime';
  if (isMoRef(item)) return 'ManagedObjectReference';
  if (isStruct(item)) return item.$type;
  return isArray(item) ? item.$array : item.$scalar;
}
