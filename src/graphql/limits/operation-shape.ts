import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  Kind,
  print,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** Says where a subscriber begins, and so tells its subscription apart from others in nothing that it is told. */
const RESUME_ARGUMENT = 'after';

interface OperationShape {
  /** The document without what only says where to begin. */
  readonly text: string;
  /** The variables that it still uses. */
  readonly variables: readonly string[];
}

/** A document's shape, kept as long as the document is. */
const shapes = new WeakMap<DocumentNode, OperationShape>();

function withoutResumeArgument(schema: GraphQLSchema, document: DocumentNode): DocumentNode {
  const typeInfo = new TypeInfo(schema);
  const enter = (field: FieldNode): FieldNode | undefined => {
    if (typeInfo.getParentType() !== schema.getSubscriptionType()) return undefined;
    const kept = field.arguments?.filter(({ name }) => name.value !== RESUME_ARGUMENT) ?? [];
    return { ...field, arguments: kept };
  };
  return visit(document, visitWithTypeInfo(typeInfo, { Field: { enter } }));
}

function usedVariables(document: DocumentNode): Set<string> {
  const used = new Set<string>();
  visit(document, {
    // Its own mention of the variable is no use of it.
    [Kind.VARIABLE_DEFINITION]: { enter: () => false },
    [Kind.VARIABLE]: {
      enter: ({ name }) => {
        used.add(name.value);
      },
    },
  });
  return used;
}

function makeShape(schema: GraphQLSchema, document: DocumentNode): OperationShape {
  const bare = withoutResumeArgument(schema, document);
  const used = usedVariables(bare);
  const text = print(
    visit(bare, {
      [Kind.VARIABLE_DEFINITION]: {
        enter: ({ variable }) => (used.has(variable.name.value) ? undefined : null),
      },
    }),
  );
  return { text, variables: [...used].sort() };
}

interface KeyedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variableValues?: Readonly<Record<string, unknown>> | null | undefined;
}

/**
 * Equal for subscriptions whose every event looks the same: document, operation and variables, apart from where they
 * begin, and who may see what. Leaving the audience out would show one tenant's events as another one may see them.
 */
export function shareKey(operation: KeyedOperation, audience: string, topic: string): string {
  const { schema, document, operationName, variableValues } = operation;
  const shape = shapes.get(document) ?? makeShape(schema, document);
  shapes.set(document, shape);
  const variables = shape.variables.map((name) => [name, variableValues?.[name]]);
  // Null and absent are different values of a variable: absent ones are left out of their pair.
  const given = variables.map(([name, value]) => (value === undefined ? [name] : [name, value]));
  return JSON.stringify([audience, topic, operationName ?? null, given, shape.text]);
}
