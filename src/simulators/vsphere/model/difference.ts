import type { VimArray, VimStruct, VimValue } from '../vim/values';

/** The paths at which two projections of an object differ, and what stands there now. */
export function differences(
  before: ReadonlyMap<string, VimValue>,
  after: Readonly<Record<string, VimValue | undefined>>,
): Record<string, VimValue | undefined> {
  const changes: Record<string, VimValue | undefined> = {};
  for (const [name, value] of Object.entries(after)) compare(before.get(name), value, name, changes);
  return changes;
}

function compare(
  before: VimValue | undefined,
  after: VimValue | undefined,
  path: string,
  changes: Record<string, VimValue | undefined>,
): void {
  if (before === after) return;
  if (isStruct(before) && isStruct(after) && before.$type === after.$type) {
    for (const field of Object.keys(after))
      if (field !== '$type') compare(before[field], after[field], `${path}.${field}`, changes);
    return;
  }
  if (!sameValue(before, after)) changes[path] = after;
}

function isStruct(value: VimValue | undefined): value is VimStruct {
  return typeof value === 'object' && '$type' in value;
}

function isArray(value: VimValue): value is VimArray {
  return typeof value === 'object' && '$array' in value;
}

function sameValue(one: VimValue | undefined, other: VimValue | undefined): boolean {
  if (one === other) return true;
  if (one === undefined || other === undefined) return false;
  if (one instanceof Date || other instanceof Date)
    return one instanceof Date && other instanceof Date && one.getTime() === other.getTime();
  if (isArray(one)) return isArray(other) && sameItems(one, other);
  if (typeof one !== 'object' || typeof other !== 'object') return false;
  const left = one as unknown as Readonly<Record<string, VimValue | undefined>>;
  const right = other as unknown as Readonly<Record<string, VimValue | undefined>>;
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((key) =>
    sameValue(left[key], right[key]),
  );
}

function sameItems(one: VimArray, other: VimArray): boolean {
  return (
    one.items.length === other.items.length && one.items.every((item, at) => sameValue(item, other.items[at]))
  );
}
