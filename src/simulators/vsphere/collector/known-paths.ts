import { parsePath } from '../objects/property-path';
import { typeOfField, typeOfProperty } from '../vim/data-types';
import { lineage, propertiesOf } from '../vim/managed-types';

/** Whether a path can have a value in an object of this type, as far as the types on its way are known. */
export function isKnownPath(managedType: string, path: string): boolean {
  const [first, ...rest] = parsePath(path) ?? [];
  if (!first || !propertiesOf(managedType).has(first.name)) return false;
  const types = lineage(managedType).map((each) => typeOfProperty(each, first.name));
  let type = types.find((each) => each !== '') ?? '';
  for (const { name } of rest) {
    const next = typeOfField(type, name);
    if (next === null) return false;
    type = next;
  }
  return true;
}
