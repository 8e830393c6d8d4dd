import {
  type DocumentNode,
  getNullableType,
  type GraphQLSchema,
  isCompositeType,
  isIntrospectionType,
  isListType,
  getNamedType,
  type OperationDefinitionNode,
} from 'graphql';
import { type ComplexityEstimator, fieldExtensionsEstimator, getComplexity } from 'graphql-query-complexity';
import { limitExceeded } from './document-limits';
import { DEFAULT_PAGE_SIZE } from '../schema/page-args.type';

/** Objects that a list without paging arguments is taken to hold. */
const UNPAGED_LIST_SIZE = 10;
/** A page is read from the database for each of its parents, however few entries are wanted. */
const PAGE_COST = 10;
/** Fields after which counting stops, so that counting itself stays cheap. */
const MAX_COUNTED_FIELDS = 10_000;

export interface CostedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** A field costs 1, a page more; what a page contains is multiplied by its size. */
const byPageSize: ComplexityEstimator = ({ args, childComplexity, field }) => {
  const named = getNamedType(field.type);
  if (field.args.some((arg) => arg.name === 'first')) {
    const wanted: unknown = args['first'] ?? args['last'] ?? DEFAULT_PAGE_SIZE;
    // Asked for no entry, it may still have to count them all.
    return PAGE_COST + Math.max(1, Number(wanted)) * childComplexity;
  }
  const isUnpaged =
    isListType(getNullableType(field.type)) && isCompositeType(named) && !isIntrospectionType(named);
  return 1 + (isUnpaged ? UNPAGED_LIST_SIZE : 1) * childComplexity;
};

/** A field's own `complexity` (type-graphql's option) goes before the general rule. */
const estimators = [fieldExtensionsEstimator(), byPageSize];

/** An estimate of how many fields the operation makes the gateway resolve. Expects a valid document. */
function operationCost({ schema, document, operation, variables }: CostedOperation): number {
  const operationName = operation.name?.value;
  return getComplexity({
    schema,
    query: document,
    variables,
    estimators,
    maxQueryNodes: MAX_COUNTED_FIELDS,
    ...(operationName !== undefined && { operationName }),
  });
}

/** @throws INVALID_ARGUMENT when the estimate exceeds `maxCost` */
export function checkCost(costed: CostedOperation, maxCost: number): void {
  let cost: number;
  try {
    cost = operationCost(costed);
  } catch (error) {
    if (/maximum allowed number of nodes/.test(String(error))) throw limitExceeded('cost', maxCost, null);
    throw error;
  }
  if (cost > maxCost) throw limitExceeded('cost', maxCost, cost);
}
