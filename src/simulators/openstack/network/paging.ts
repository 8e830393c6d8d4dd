import type { ApiCall } from '../wire/api-call';
import { PATHS } from '../wire/paths';
import type { View } from './filters';
import { badRequest, neutronError } from './neutron-error';

interface Page {
  readonly page: readonly View[];
  readonly links: readonly object[];
}

/** @throws ApiError 400 for a limit that is no number, 404 for a marker that is gone */
export function pageOf(views: readonly View[], { query, origin }: ApiCall, path: string): Page {
  const limitText = query.get('limit');
  const limit = limitText === null ? null : Number(limitText);
  if (limit !== null && !(Number.isInteger(limit) && limit >= 0)) {
    throw badRequest(`Bad limit request: ${limitText} is not a positive integer.`);
  }
  const sorted = [...views].sort((one, other) => (String(one['id']) < String(other['id']) ? -1 : 1));
  const rest = sorted.slice(start(sorted, query.get('marker')));
  if (limit === null || limit === 0) return { page: query.has('marker') ? rest : views, links: [] };
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  if (page.length < limit || !last) return { page, links: [] };
  const next = new URLSearchParams(query);
  next.set('marker', String(last['id']));
  const { root, version } = PATHS.network;
  return { page, links: [{ rel: 'next', href: `${origin}${root}${version}/${path}?${next.toString()}` }] };
}

function start(sorted: readonly View[], marker: string | null): number {
  if (marker === null) return 0;
  const at = sorted.findIndex((view) => view['id'] === marker);
  if (at < 0) throw neutronError(404, 'HTTPNotFound', `Marker ${marker} could not be found.`);
  return at + 1;
}
