import type { Parameters } from '../wire/parameters';
import { checkId, notFound } from './ids';
import type { NamedKind } from './ids';
import { readFilters } from './filters';
import type { FilterFields } from './filters';
import { pageOf } from './pages';
import type { Page } from './pages';
import type { Records } from './records';
import type { World } from './world';

/** How the records of a kind are asked for. */
export interface Listing<K extends NamedKind> {
  readonly kind: K;
  /** The parameter with ids, such as `VpcId`. */
  readonly idParameter: string;
  readonly filters: FilterFields<Records[K]>;
  /** What this list leaves out in any case. */
  readonly isListed?: (record: Records[K]) => boolean;
}

/**
 * What every Describe… does: by ids, which have to be there, or all; of these what the filters let through; of that a page.
 */
export function list<K extends NamedKind>(
  world: World,
  parameters: Parameters,
  { kind, idParameter, filters, isListed = () => true }: Listing<K>,
): Page<Records[K]> {
  const ids = parameters.list(idParameter);
  const passes = readFilters(parameters, filters);
  const records = ids.length > 0 ? seenAll(world, kind, ids) : (world.tables[kind].allSeen() as Records[K][]);
  const sorted = records
    .filter((record) => isListed(record) && passes(record))
    .sort((one, other) => one.sequence - other.sequence);
  return pageOf(sorted, parameters, ids.length > 0);
}

/** Those of the ids as clients see them; the refusal names all that are missing. */
export function seenAll<K extends NamedKind>(world: World, kind: K, ids: readonly string[]): Records[K][] {
  for (const id of ids) checkId(kind, id);
  const found = [...new Set(ids)].map((id) => ({
    id,
    record: world.tables[kind].seen(id),
  }));
  const missing = found.filter(({ record }) => record === null).map(({ id }) => id);
  if (missing.length > 0) throw notFound(kind, missing);
  return found.flatMap(({ record }) => record ?? []);
}
