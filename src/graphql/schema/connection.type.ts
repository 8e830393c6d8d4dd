import { type ClassType, Field, Int, ObjectType } from 'type-graphql';
import { type CursorKey, encodeCursor } from './cursor';
import type { Page } from './page-args.type';

@ObjectType({ description: 'Where a page of a connection begins and ends, and whether there is more.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether entries follow this page.', simple: true })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Whether entries precede this page.', simple: true })
  hasPreviousPage!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'The cursor of the first entry of this page; null when it is empty.',
    simple: true,
  })
  startCursor!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The cursor of the last entry of this page; null when it is empty.',
    simple: true,
  })
  endCursor!: string | null;
}

export interface Edge<T> {
  readonly node: T;
  readonly cursor: string;
}

/** What the resolver of a connection answers with. */
export interface Connection<T> {
  readonly edges: readonly Edge<T>[];
  readonly nodes: readonly T[];
  readonly pageInfo: PageInfo;
  /** Called only when the client asks for `totalCount`. */
  readonly totalCount: () => number | Promise<number>;
}

/** Counting reads all entries and not only those of the page. */
const COUNT_COST = 10;

/** The multiplier of a page stands on the field with `first`, so the lists inside it add nothing of their own. */
const listedOnce = ({ childComplexity }: { childComplexity: number }): number => childComplexity;

function edgeType<T extends object>(name: string, nodeType: () => ClassType<T>): ClassType<Edge<T>> {
  @ObjectType(`${name}Edge`, { description: `One ${name} in a connection, with its cursor.` })
  class EdgeType {
    @Field(nodeType, { description: `The ${name}.`, simple: true })
    node!: T;

    @Field(() => String, { description: 'Where this entry stands, for `after` and `before`.', simple: true })
    cursor!: string;
  }
  return EdgeType;
}

/**
 * Makes the object types `<name>Connection` and `<name>Edge`. Call it once for each noun.
 * @param name of the node's object type in the schema, for example `Vm`
 */
export function connectionType<T extends object>(
  name: string,
  nodeType: () => ClassType<T>,
): ClassType<Connection<T>> {
  const edge = edgeType(name, nodeType);

  @ObjectType(`${name}Connection`, { description: `A page of objects of the type ${name}.` })
  class ConnectionType {
    @Field(() => [edge], {
      description: 'The entries of this page with their cursors.',
      simple: true,
      complexity: listedOnce,
    })
    edges!: readonly Edge<T>[];

    @Field(() => [nodeType()], {
      description: 'The entries of this page without their cursors.',
      simple: true,
      complexity: listedOnce,
    })
    nodes!: readonly T[];

    @Field(() => PageInfo, { description: 'Where this page begins and ends.', simple: true })
    pageInfo!: PageInfo;

    // A function-valued property: graphql-js calls it, and only when the field is selected.
    @Field(() => Int, {
      description: 'Entries over all pages under the same filter. Counted only when asked for.',
      simple: true,
      complexity: COUNT_COST,
    })
    totalCount!: () => number | Promise<number>;
  }
  return ConnectionType;
}

export interface ConnectionSource<Row, T> {
  /** Up to `page.limit + 1` rows in the order in which the store read them (descending when backward). */
  readonly rows: readonly Row[];
  readonly page: Page;
  readonly keyOf: (row: Row) => CursorKey;
  readonly toNode: (row: Row) => T;
  readonly totalCount: () => number | Promise<number>;
  /** The same name that `toPage` was given. */
  readonly order?: string;
}

/** Makes a page out of rows: drops the row that only told that more follow, and puts `last` back in order. */
export function toConnection<Row, T>(source: ConnectionSource<Row, T>): Connection<T> {
  const { page, order } = source;
  const hasMore = source.rows.length > page.limit;
  const kept = source.rows.slice(0, page.limit);
  if (page.backward) kept.reverse();
  const edges = kept.map((row) => ({
    node: source.toNode(row),
    cursor: encodeCursor(source.keyOf(row), order),
  }));
  return {
    edges,
    nodes: edges.map((edge) => edge.node),
    pageInfo: {
      hasNextPage: page.backward ? page.before !== null : hasMore,
      hasPreviousPage: page.backward ? hasMore : page.after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: source.totalCount,
  };
}
