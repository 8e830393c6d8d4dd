import { ApiError, invalidValue } from '../wire/api-error';
import type { Parameters } from '../wire/parameters';
import { matcher } from './wildcard';
import type { Stored } from './records';

/** The values of a record that a filter is compared with; several mean any of them. */
export type FilterField<T> = (record: T) => string | number | boolean | null | readonly (string | null)[];
export type FilterFields<T> = Readonly<Record<string, FilterField<T>>>;

/** Of one request; EC2's limit. */
const MAX_FILTERS = 50;

/**
 * `Filter.N`: all have to hold; of the values of one, any. `*` and `?` stand for any text and any character, a backslash
 * before them takes that away.
 * @throws ApiError for a name that this list cannot be filtered by
 */
export function readFilters<T extends Stored>(
  parameters: Parameters,
  fields: FilterFields<T>,
): (record: T) => boolean {
  const filters = parameters.structs('Filter');
  if (filters.length > MAX_FILTERS) {
    throw new ApiError('FilterLimitExceeded', `The maximum number of filters is ${MAX_FILTERS}`);
  }
  const tests = filters.map((filter) => {
    const name = filter.required('Name');
    const values = filter.list('Value');
    if (values.length === 0) throw invalidValue(filter.fullName('Name'), name, 'A filter needs a value');
    if (values.length > 200) {
      throw new ApiError('FilterLimitExceeded', 'The maximum number of filter values specified is 200');
    }
    const field = fieldOf(name, fields);
    const patterns = values.map(matcher);
    return (record: T): boolean => {
      const found = field(record);
      const candidates = Array.isArray(found) ? (found as readonly (string | null)[]) : [found];
      return candidates.some((value) => value !== null && patterns.some((one) => one(String(value))));
    };
  });
  return (record) => tests.every((test) => test(record));
}

function fieldOf<T extends Stored>(name: string, fields: FilterFields<T>): FilterField<T> {
  if (name === 'tag-key') return ({ tags }) => tags.map(({ key }) => key);
  if (name === 'tag-value') return ({ tags }) => tags.map(({ value }) => value);
  if (name.startsWith('tag:')) {
    const wanted = name.slice('tag:'.length);
    return ({ tags }) => tags.find(({ key }) => key === wanted)?.value ?? null;
  }
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (field === undefined) throw new ApiError('InvalidParameterValue', `The filter '${name}' is invalid`);
  return field;
}
