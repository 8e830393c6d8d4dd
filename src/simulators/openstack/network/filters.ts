import { badRequest } from './neutron-error';

export type View = Readonly<Record<string, unknown>>;

const CONTROLS = new Set(['fields', 'limit', 'marker', 'sort_key', 'sort_dir', 'page_reverse']);
const TAG_FILTERS = new Set(['tags', 'tags-any', 'not-tags', 'not-tags-any']);
/** What can be filtered by although it is not shown. */
const HIDDEN = new Set(['shared', 'is_default']);

/**
 * Whether a view is one of those that the query asks for: each key has to fit, one of its values suffices.
 * @param keys what can be filtered by
 * @throws ApiError 400 for other keys
 */
export function filterOf(query: URLSearchParams, keys: ReadonlySet<string>): (view: View) => boolean {
  const names = [...new Set(query.keys())].filter((name) => !CONTROLS.has(name));
  const unknown = names.filter((name) => !keys.has(name) && !TAG_FILTERS.has(name) && !HIDDEN.has(name));
  if (unknown.length > 0) {
    throw badRequest(`[${unknown.map((name) => `'${name}'`).join(', ')}] is invalid attribute for filtering`);
  }
  const tests = names.map((name) => testOf(name, query.getAll(name)));
  return (view) => tests.every((test) => test(view));
}

function testOf(name: string, values: readonly string[]): (view: View) => boolean {
  if (TAG_FILTERS.has(name)) return tagTest(name, new Set(values.flatMap((value) => value.split(','))));
  if (name === 'fixed_ips') return (view) => values.every((value) => hasFixedIp(view, value));
  const wanted = new Set(values.map(plain));
  return (view) => {
    const value = view[name];
    return Array.isArray(value) ? value.some((one) => wanted.has(plain(one))) : wanted.has(plain(value));
  };
}

/** `True`, `true` and `1` of Python's clients are one, and null is an empty string in a query. */
function plain(value: unknown): string {
  const isText = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  const text = isText ? String(value) : '';
  return /^(true|false)$/i.test(text) ? text.toLowerCase() : text;
}

function hasFixedIp(view: View, filter: string): boolean {
  const [key = '', value = ''] = filter.split('=');
  const fixedIps = view['fixed_ips'] as readonly Readonly<Record<string, string>>[] | undefined;
  return fixedIps?.some((one) => one[key] === value) ?? false;
}

function tagTest(name: string, wanted: ReadonlySet<string>): (view: View) => boolean {
  const has = (view: View) => new Set(view['tags'] as readonly string[]);
  const all = (view: View) => [...wanted].every((tag) => has(view).has(tag));
  const any = (view: View) => [...wanted].some((tag) => has(view).has(tag));
  const test = name.endsWith('-any') ? any : all;
  return name.startsWith('not-') ? (view) => !test(view) : test;
}

/** Only the fields that were asked for. */
export function selectFields(query: URLSearchParams, view: View): View {
  const fields = query.getAll('fields');
  if (fields.length === 0) return view;
  return Object.fromEntries(fields.filter((name) => name in view).map((name) => [name, view[name]]));
}
