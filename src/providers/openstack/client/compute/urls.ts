import { query } from '../query';
import type { PageQuery, ServerFilter } from './requests';

/** Paths below Nova's endpoint. */
export const urls = {
  /** Of the versioned API itself. */
  version: '/',
  servers: '/servers',
  server: (id: string) => `/servers/${encodeURIComponent(id)}`,
  serverAction: (id: string) => `/servers/${encodeURIComponent(id)}/action`,
  serverMetadata: (id: string) => `/servers/${encodeURIComponent(id)}/metadata`,
  keypairs: '/os-keypairs',
  keypair: (name: string) => `/os-keypairs/${encodeURIComponent(name)}`,
  limits: '/limits',
  availabilityZones: '/os-availability-zone',
} as const;

export function serversUrl(filter: ServerFilter, page: PageQuery): string {
  return `/servers/detail${query({
    'changes-since': filter.changesSince,
    name: filter.name,
    tags: filter.tags?.join(','),
    ...page,
  })}`;
}

export function flavorsUrl(page: PageQuery): string {
  return `/flavors/detail${query({ ...page })}`;
}
