import { ApiError, invalidCombination } from '../wire/api-error';
import type { Parameters } from '../wire/parameters';
import type { Stored } from './records';

export interface PageLimits {
  readonly least: number;
  readonly most: number;
  /** Where the client does not say. Null: everything. */
  readonly usual: number | null;
}

const USUAL: PageLimits = { least: 5, most: 1_000, usual: null };

export interface Page<T> {
  readonly items: readonly T[];
  /** Null: this was the last. */
  readonly nextToken: string | null;
}

/**
 * `MaxResults` and `NextToken`. A page begins behind the last record of the one before, whatever has come and gone
 * meanwhile.
 * @param records in the order of their sequence
 */
export function pageOf<T extends Pick<Stored, 'sequence'>>(
  records: readonly T[],
  parameters: Parameters,
  hasIds: boolean,
  limits: PageLimits = USUAL,
): Page<T> {
  const asked = parameters.integer('MaxResults', limits.least, limits.most);
  if (asked !== null && hasIds) {
    throw invalidCombination('The parameter MaxResults cannot be used together with a list of IDs');
  }
  const most = asked ?? limits.usual;
  const after = readToken(parameters.text('NextToken'));
  const rest = after === null ? records : records.filter(({ sequence }) => sequence > after);
  if (most === null || rest.length <= most) return { items: rest, nextToken: null };
  const items = rest.slice(0, most);
  return { items, nextToken: writeToken(items.at(-1)?.sequence ?? 0) };
}

const MARK = 'after:';

function writeToken(sequence: number): string {
  return Buffer.from(`${MARK}${sequence}`).toString('base64url');
}

function readToken(token: string | null): number | null {
  if (token === null || token === '') return null;
  const text = Buffer.from(token, 'base64url').toString();
  if (!/^after:\d{1,15}$/.test(text)) {
    throw new ApiError('InvalidNextToken', 'The specified NextToken is not valid.');
  }
  return Number(text.slice(MARK.length));
}
