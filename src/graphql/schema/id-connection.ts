import { toConnection } from './connection.type';
import type { Connection } from './connection.type';
import { toPage } from './page-args.type';
import type { PageArgs } from './page-args.type';

/** A keyset page over ids, in the words that stores understand. */
export interface IdKeyset {
  /** Rows to read: one more than the page holds, which tells whether more follow. */
  readonly limit: number;
  readonly afterId: string | null;
  readonly beforeId: string | null;
  readonly backward: boolean;
}

export interface IdConnectionSource<Row, T> {
  readonly list: (page: IdKeyset) => Promise<readonly Row[]>;
  /** Called only when the client asks for `totalCount`. */
  readonly count: () => Promise<number>;
  readonly toNode: (row: Row) => T;
}

/**
 * The whole way of a connection that is ordered by id: arguments in, page out.
 * @throws INVALID_ARGUMENT naming the argument
 */
export async function idConnection<Row extends { readonly id: string }, T>(
  args: PageArgs,
  source: IdConnectionSource<Row, T>,
): Promise<Connection<T>> {
  const page = toPage(args);
  const rows = await source.list({
    limit: page.limit + 1,
    afterId: page.after?.id ?? null,
    beforeId: page.before?.id ?? null,
    backward: page.backward,
  });
  return toConnection({
    rows,
    page,
    keyOf: (row) => ({ id: row.id, value: null }),
    toNode: source.toNode,
    totalCount: source.count,
  });
}
