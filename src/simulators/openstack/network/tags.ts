import { z } from 'zod';
import type { Cloud } from '../model/cloud';
import type { NetworkObject } from '../model/records';
import type { ApiCall } from '../wire/api-call';
import { readAs } from '../wire/read';
import type { Route } from '../wire/route';
import { badRequest, neutronError, notFound } from './neutron-error';
import { touch } from './new-object';

const tagsSchema = z.object({ tags: z.array(z.string().min(1).max(255)) });

/** Words on any object, by which it can be found again. */
export function tagRoutes(cloud: Cloud): readonly Route[] {
  const { world } = cloud;
  const tables: Readonly<Record<string, readonly [string, ReadonlyMap<string, NetworkObject>]>> = {
    networks: ['Network', world.networks],
    subnets: ['Subnet', world.subnets],
    ports: ['Port', world.ports],
    routers: ['Router', world.routers],
    'security-groups': ['Security group', world.securityGroups],
    floatingips: ['Floating IP', world.floatingIps],
  };
  return Object.entries(tables).flatMap(([path, [noun, rows]]) => {
    const one = ({ params, caller }: ApiCall): NetworkObject => {
      const row = rows.get(params['id'] ?? '');
      if (row?.projectId !== caller.projectId) throw notFound(noun, params['id'] ?? '');
      return row;
    };
    return routesOf(cloud, `/${path}/:id/tags`, one);
  });
}

function routesOf(
  { world }: Cloud,
  pattern: string,
  one: (call: ApiCall) => NetworkObject,
): readonly Route[] {
  const retag = (row: NetworkObject, tags: readonly string[]): void => {
    row.tags = [...new Set(tags)];
    touch(world, row);
  };
  const tagged = (call: ApiCall) => findTag(one(call), call.params['tag'] ?? '');
  return [
    { method: 'GET', pattern, handle: (call) => ({ status: 200, body: { tags: one(call).tags } }) },
    {
      method: 'PUT',
      pattern,
      handle: (call) => {
        const row = one(call);
        retag(row, readAs(tagsSchema, call.body, badRequest).tags);
        return { status: 200, body: { tags: row.tags } };
      },
    },
    { method: 'DELETE', pattern, handle: (call) => (retag(one(call), []), { status: 204 }) },
    {
      method: 'GET',
      pattern: `${pattern}/:tag`,
      handle: (call) => (tagged(call), { status: 204 }),
    },
    {
      method: 'PUT',
      pattern: `${pattern}/:tag`,
      handle: (call) => {
        const row = one(call);
        retag(row, [...row.tags, call.params['tag'] ?? '']);
        return { status: 201, body: null };
      },
    },
    {
      method: 'DELETE',
      pattern: `${pattern}/:tag`,
      handle: (call) => {
        const { row, tag } = tagged(call);
        const others = row.tags.filter((other) => other !== tag);
        retag(row, others);
        return { status: 204 };
      },
    },
  ];
}

function findTag(row: NetworkObject, tag: string): { readonly row: NetworkObject; readonly tag: string } {
  if (row.tags.includes(tag)) return { row, tag };
  throw neutronError(404, 'TagNotFound', `Tag ${tag} could not be found.`);
}
