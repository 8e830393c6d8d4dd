import type { ManagedType, PropertiesOf, PropertyPath } from '../schema/properties';
import type { ObjectContent } from '../schema/property-collector';

/** The properties that were asked for, by path; a name that nobody asked for is not let in. */
export function propertiesOf<T extends ManagedType, P extends PropertyPath<T>>(
  propSet: ObjectContent['propSet'],
  paths: ReadonlySet<string>,
): PropertiesOf<T, P> {
  const properties: Record<string, unknown> = {};
  for (const { name, val } of propSet) if (val !== undefined && paths.has(name)) properties[name] = val;
  return properties as PropertiesOf<T, P>;
}
