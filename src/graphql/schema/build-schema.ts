import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { DateTime } from './date-time.scalar';

export interface ApiSchemaOptions {
  /** Object types that no field names directly, for example those only reachable through `Node`. */
  readonly orphanedTypes?: readonly (new () => object)[];
  /** Hands out the instances of the resolver classes, with their services in them. */
  readonly instanceOf?: (resolver: ResolverClass) => object;
}

/** type-graphql asks for one even though every subscription of ours names its own source in `subscribe`. */
const NO_PUB_SUB = {
  publish: refusePubSub,
  subscribe: refusePubSub,
};

function refusePubSub(): never {
  throw new Error('Give the subscription a `subscribe` function; there are no topics here.');
}

/** A class with type-graphql's resolver decorators. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- type-graphql's own name for a class
export type ResolverClass = Function;

/**
 * Builds the schema from resolver classes. Arguments are validated by class-validator with errors that carry
 * no value, for inputs hold passwords. There is no global middleware: it would cost every field.
 */
export function buildApiSchema(
  resolvers: readonly [ResolverClass, ...ResolverClass[]],
  options: ApiSchemaOptions = {},
): GraphQLSchema {
  return buildSchemaSync({
    resolvers: resolvers,
    orphanedTypes: [...(options.orphanedTypes ?? [])],
    ...(options.instanceOf ? { container: { get: options.instanceOf } } : {}),
    scalarsMap: [{ type: Date, scalar: DateTime }],
    pubSub: NO_PUB_SUB,
    validate: { forbidUnknownValues: false, validationError: { target: false, value: false } },
  });
}

/** The schema as text: sorted, with descriptions, ending in a newline; equal schemas print equally. */
export function printApiSchema(schema: GraphQLSchema): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
