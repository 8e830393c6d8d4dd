import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isListType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import type { GraphQLField, GraphQLInputType, GraphQLNamedType, GraphQLSchema } from 'graphql';

type AnyField = GraphQLField<unknown, unknown>;

/** `Type.field` of everything that an answer can hold. */
export function allFields(schema: GraphQLSchema): Map<string, AnyField> {
  const fields = new Map<string, AnyField>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || !(isObjectType(type) || isInterfaceType(type))) continue;
    for (const field of Object.values(type.getFields())) fields.set(`${type.name}.${field.name}`, field);
  }
  return fields;
}

export const leadsToObjects = (field: AnyField): boolean => isCompositeType(getNamedType(field.type));

/** The paths of all ids among a field's arguments. */
export function idPaths(field: AnyField): string[] {
  const inside = (path: string, type: GraphQLInputType): string[] => {
    const named = getNamedType(type);
    if (named.name === 'ID') return [path];
    if (!isInputObjectType(named)) return [];
    return Object.values(named.getFields()).flatMap((inner) => inside(`${path}.${inner.name}`, inner.type));
  };
  return field.args.flatMap((arg) => inside(arg.name, arg.type));
}

/** A whole document for one field of a root type, with a variable for each argument. */
export function documentFor(
  schema: GraphQLSchema,
  coordinate: string,
  depth: number,
  /** `Type.field` of what is not to be asked for. */
  without: ReadonlySet<string> = new Set(),
): { readonly text: string; readonly name: string } {
  const [root = '', name = ''] = coordinate.split('.');
  const field = allFields(schema).get(coordinate);
  if (!field) throw new Error(`The schema has no ${coordinate}.`);
  const defined = field.args.map((arg) => `$${arg.name}: ${String(arg.type)}`);
  const passed = field.args.map((arg) => `${arg.name}: $${arg.name}`);
  const variables = defined.length > 0 ? `(${defined.join(', ')})` : '';
  const values = passed.length > 0 ? `(${passed.join(', ')})` : '';
  const selection = everything(schema, getNamedType(field.type), depth, without);
  return { text: `${root.toLowerCase()} ${variables} { ${name}${values} ${selection} }`, name };
}

/**
 * All fields down to a depth, with aliases that keep fields of different types apart. Objects at the last level show
 * their plain fields.
 */
function everything(
  schema: GraphQLSchema,
  type: GraphQLNamedType,
  depth: number,
  without: ReadonlySet<string>,
): string {
  if (!isCompositeType(type)) return '';
  if (!isObjectType(type)) {
    const parts = schema
      .getPossibleTypes(type)
      .map((one) => `... on ${one.name} ${everything(schema, one, depth, without)}`);
    return `{ ${parts.join(' ')} }`;
  }
  const fields = Object.values(type.getFields()).filter(
    (field) => !field.args.some(isRequiredArgument) && !without.has(`${type.name}.${field.name}`),
  );
  const selections = fields.flatMap((field) => {
    const named = getNamedType(field.type);
    const alias = `${type.name}_${field.name}: ${field.name}`;
    if (!isCompositeType(named)) return [alias];
    // The page's entries count as one level with the page, and its nodes are the same objects as its edges'.
    const isPageList = isListType(getNullableType(field.type)) && type.name.endsWith('Connection');
    if (isPageList && field.name === 'nodes' && depth < 3) return [];
    const left = isPageList || type.name.endsWith('Edge') ? depth : depth - 1;
    return left > 0 ? [`${alias} ${everything(schema, named, left, without)}`] : [];
  });
  return `{ __typename ${selections.join(' ')} }`;
}
