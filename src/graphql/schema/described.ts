import {
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedDirective,
  isSpecifiedScalarType,
} from 'graphql';

interface Described {
  readonly path: string;
  readonly description: string | null | undefined;
}

function membersOf(type: GraphQLNamedType): Described[] {
  if (isEnumType(type)) {
    return type.getValues().map((value) => ({ ...value, path: `${type.name}.${value.name}` }));
  }
  if (isInputObjectType(type)) {
    return Object.values(type.getFields()).map((field) => ({ ...field, path: `${type.name}.${field.name}` }));
  }
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) => {
    const path = `${type.name}.${field.name}`;
    const args = field.args.map((arg) => ({ ...arg, path: `${path}(${arg.name}:)` }));
    return [{ path, description: field.description }, ...args];
  });
}

/**
 * The schema coordinates of all that has no description: types, fields, arguments, input fields, enum values
 * and directives. The root types and GraphQL's own are left out.
 */
export function undescribedElements(schema: GraphQLSchema): string[] {
  const roots = new Set([schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]);
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
  );
  const elements = types.flatMap((type) => {
    const members = membersOf(type);
    const isRoot = isObjectType(type) && roots.has(type);
    return isRoot ? members : [{ path: type.name, description: type.description }, ...members];
  });
  const directives = schema
    .getDirectives()
    .filter((directive) => !isSpecifiedDirective(directive))
    .map((directive) => ({ path: `@${directive.name}`, description: directive.description }));
  return [...elements, ...directives]
    .filter((element) => (element.description ?? '').trim() === '')
    .map((element) => element.path)
    .sort();
}
