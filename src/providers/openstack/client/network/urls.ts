import { query } from '../query';

/** Paths below Neutron's endpoint. The collections' names are also the keys of their answers. */
export type CollectionName =
  'networks' | 'subnets' | 'routers' | 'ports' | 'security-groups' | 'security-group-rules' | 'floatingips';

/** What a filter may hold: several values of one name are or-ed. */
export type FilterValues = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

export function collectionUrl(name: CollectionName): string {
  return `/${name}`;
}

export function listUrl(
  name: CollectionName,
  filter: FilterValues,
  page: { readonly limit: number; readonly marker?: string },
): string {
  return `/${name}${query({ ...filter, ...page })}`;
}

export function memberUrl(name: CollectionName, id: string): string {
  return `/${name}/${encodeURIComponent(id)}`;
}

export function routerInterfaceUrl(id: string, change: 'add' | 'remove'): string {
  return `${memberUrl('routers', id)}/${change}_router_interface`;
}
