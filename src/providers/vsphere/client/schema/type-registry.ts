import {
  boolean,
  byte,
  dateTime,
  double,
  float,
  int,
  long,
  moRef,
  short,
  string,
  base64,
} from './combinators';
import { MethodFault } from './faults';
import { METHODS } from './methods';
import { PROPERTIES } from './properties';
import type { Schema } from './schema';

/** The types that an `xsi:type` may name, by that name without its prefix; `ArrayOfX` follows from X. */
export type TypeRegistry = ReadonlyMap<string, Schema>;

/** What an any-typed value may be: all that the methods and the properties lead to. */
export function typeRegistry(): TypeRegistry {
  const types = new Map<string, Schema>([['ManagedObjectReference', moRef()]]);
  const seen = new Set<Schema>();
  const visit = (schema: Schema): void => {
    if (seen.has(schema)) return;
    seen.add(schema);
    const name = nameOf(schema);
    if (name !== null && !types.has(name)) types.set(name, schema);
    for (const part of partsOf(schema)) visit(part);
  };
  [string, boolean, byte, short, int, long, float, double, dateTime, base64].forEach(visit);
  visit(MethodFault);
  for (const method of Object.values(METHODS)) {
    Object.values(method.params.fields).forEach(visit);
    if (method.result !== null) visit(method.result);
  }
  for (const properties of Object.values(PROPERTIES)) Object.values<Schema>(properties).forEach(visit);
  return types;
}

/** A union stands for its base and thus comes before the base itself: an array of it may hold each member. */
function nameOf(schema: Schema): string | null {
  switch (schema.kind) {
    case 'scalar':
    case 'struct':
      return schema.name;
    case 'union':
      return schema.base.name;
    case 'open':
      return schema.struct.name;
    default:
      return null;
  }
}

function partsOf(schema: Schema): readonly Schema[] {
  switch (schema.kind) {
    case 'array':
      return [schema.item];
    case 'optional':
      return [schema.inner];
    case 'struct':
      return Object.values(schema.fields);
    case 'union':
      return schema.members;
    case 'open':
      return Object.values(schema.struct.fields);
    case 'lazy':
      return [schema.get()];
    default:
      return [];
  }
}
