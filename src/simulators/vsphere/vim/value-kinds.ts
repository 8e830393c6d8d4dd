import type { MoRef, VimArray, VimScalar, VimStruct, VimValue } from './values';

export function isMoRef(value: VimValue): value is MoRef {
  return typeof value === 'object' && '$ref' in value;
}

export function isStruct(value: VimValue): value is VimStruct {
  return typeof value === 'object' && '$type' in value;
}

export function isArray(value: VimValue): value is VimArray {
  return typeof value === 'object' && '$array' in value;
}

export function isScalar(value: VimValue): value is VimScalar {
  return typeof value === 'object' && '$scalar' in value;
}

/** An enumeration without a value: no such thing exists on the wire, where clients look each one up by its name. */
function isEmptyEnumeration(value: VimValue): boolean {
  return isScalar(value) && value.value === '' && !value.$scalar.startsWith('xsd:');
}

/** Whether there is something to write. */
export function isSet(value: VimValue | undefined): value is VimValue {
  return value !== undefined && !isEmptyEnumeration(value);
}

/** A key for maps: the same for two references to the same object. */
export function refKey(ref: MoRef): string {
  return `${ref.$ref}:${ref.value}`;
}

/** The references in a property that holds one or several. */
export function refsIn(value: VimValue | undefined): readonly MoRef[] {
  if (value === undefined) return [];
  if (isMoRef(value)) return [value];
  return isArray(value) ? value.items.filter(isMoRef) : [];
}

/** False for two objects of equal content: telling a change that is none does no harm, comparing trees does. */
export function isSame(one: VimValue | undefined, other: VimValue | undefined): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object') return false;
  if (one instanceof Date && other instanceof Date) return one.getTime() === other.getTime();
  if (isMoRef(one) && isMoRef(other)) return one.value === other.value && one.$ref === other.$ref;
  return isScalar(one) && isScalar(other) && one.value === other.value && one.$scalar === other.$scalar;
}
