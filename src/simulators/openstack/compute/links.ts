import { PATHS } from '../wire/paths';

const { root, version } = PATHS.compute;

export function linksOf(origin: string, collection: string, id: string): readonly object[] {
  return [
    { rel: 'self', href: `${origin}${root}${version}/${collection}/${id}` },
    { rel: 'bookmark', href: `${origin}${root}/${collection}/${id}` },
  ];
}

export function nextLink(origin: string, collection: string, query: URLSearchParams, marker: string): object {
  const next = new URLSearchParams(query);
  next.set('marker', marker);
  return { rel: 'next', href: `${origin}${root}${version}/${collection}?${next.toString()}` };
}
