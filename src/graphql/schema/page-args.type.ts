import { ArgsType, Field, Int } from 'type-graphql';
import { invalidArgument } from '../../kernel';
import { type CursorKey, decodeCursor } from './cursor';

/** Entries in a page when neither `first` nor `last` is given. */
export const DEFAULT_PAGE_SIZE = 50;
/** Entries that one page may hold at most. */
export const MAX_PAGE_SIZE = 500;

/** The arguments of every connection; a noun with filters extends this class. */
@ArgsType()
export class PageArgs {
  @Field(() => Int, {
    nullable: true,
    description:
      'How many entries from the start (or after `after`), 0 to 500. Without `first` and `last`: 50.',
  })
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'Only entries behind this cursor.' })
  after?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many entries from the end (or before `before`), 0 to 500. Not together with `first`.',
  })
  last?: number | null;

  @Field(() => String, { nullable: true, description: 'Only entries ahead of this cursor.' })
  before?: string | null;
}

/** A page as a store is asked for it: a keyset, never an offset. */
export interface Page {
  /** Entries wanted, 0 to 500. A store reads `limit + 1` rows, so that it is known whether more follow. */
  readonly limit: number;
  /** True for `last`: the store reads in descending order, beginning next to `before`. */
  readonly backward: boolean;
  /** Rows strictly behind this key, in the connection's order. */
  readonly after: CursorKey | null;
  /** Rows strictly ahead of this key, in the connection's order. */
  readonly before: CursorKey | null;
}

function pageSize(field: 'first' | 'last', value: number): number {
  if (!Number.isInteger(value) || value < 0 || value > MAX_PAGE_SIZE) {
    throw invalidArgument(field, `must be from 0 to ${MAX_PAGE_SIZE}.`);
  }
  return value;
}

/**
 * Checks the arguments of a connection. `order` names the ordering in force where a connection has several:
 * a cursor made under another one is refused, for its key means nothing here.
 * @throws INVALID_ARGUMENT naming the argument
 */
export function toPage(args: PageArgs, order = ''): Page {
  const first = args.first ?? null;
  const last = args.last ?? null;
  if (first !== null && last !== null) throw invalidArgument('last', 'cannot be combined with first.');
  const limit =
    last !== null ? pageSize('last', last) : first !== null ? pageSize('first', first) : DEFAULT_PAGE_SIZE;
  return {
    limit,
    backward: last !== null,
    after: args.after == null ? null : decodeCursor('after', args.after, order),
    before: args.before == null ? null : decodeCursor('before', args.before, order),
  };
}
