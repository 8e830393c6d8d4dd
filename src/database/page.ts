import { And, LessThan, MoreThan } from 'typeorm';
import type { FindOperator } from 'typeorm';

/** A page of rows by their id, oldest first; with `backward` the store reads newest first, next to `beforeId`. */
export interface IdPage {
  /** Rows to read; one more than wanted tells whether more follow. */
  readonly limit: number;
  readonly afterId: string | null;
  readonly beforeId: string | null;
  readonly backward: boolean;
}

/** The condition and the order that read an `IdPage`. `descending` turns the connection's own order round. */
export function idPageOptions(
  page: IdPage,
  descending = false,
): { readonly id: FindOperator<string> | undefined; readonly order: 'ASC' | 'DESC'; readonly take: number } {
  const behind = descending ? LessThan<string> : MoreThan<string>;
  const ahead = descending ? MoreThan<string> : LessThan<string>;
  const bounds = [
    ...(page.afterId === null ? [] : [behind(page.afterId)]),
    ...(page.beforeId === null ? [] : [ahead(page.beforeId)]),
  ];
  return {
    id: bounds.length > 0 ? And(...bounds) : undefined,
    order: page.backward === descending ? 'ASC' : 'DESC',
    take: page.limit,
  };
}
