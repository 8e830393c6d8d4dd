import { parsePath } from '../objects/property-path';
import { propertiesOf } from '../vim/managed-types';

/** Whether a path can have a value in an object of this type. */
export function isKnownPath(type: string, path: string): boolean {
  const [first] = parsePath(path) ?? [];
  return first !== undefined && propertiesOf(type).has(first.name);
}
