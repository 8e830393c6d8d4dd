import type { Cloud } from '../model/cloud';
import type { Flavor } from '../model/records';
import type { ApiCall } from '../wire/api-call';
import type { Route } from '../wire/route';
import { linksOf, nextLink } from './links';
import { badRequest, novaError } from './nova-error';

export function flavorRoutes({ world }: Cloud): readonly Route[] {
  const list = (call: ApiCall, isDetail: boolean) => {
    const { page, isLast } = pageOf([...world.flavors.values()], call.query);
    const flavors = page.map((flavor) => (isDetail ? detail(flavor, call) : brief(flavor, call)));
    const path = isDetail ? 'flavors/detail' : 'flavors';
    const marker = page.at(-1)?.id ?? '';
    const links = isLast ? {} : { flavors_links: [nextLink(call.origin, path, call.query, marker)] };
    return { status: 200, body: { flavors, ...links } };
  };
  return [
    { method: 'GET', pattern: '/flavors', handle: (call) => list(call, false) },
    { method: 'GET', pattern: '/flavors/detail', handle: (call) => list(call, true) },
    {
      method: 'GET',
      pattern: '/flavors/:id',
      handle: (call) => {
        const flavor = world.flavors.get(call.params['id'] ?? '');
        if (!flavor) throw novaError(404, `Flavor ${call.params['id'] ?? ''} could not be found.`);
        return { status: 200, body: { flavor: detail(flavor, call) } };
      },
    },
    {
      method: 'GET',
      pattern: '/flavors/:id/os-extra_specs',
      handle: () => ({ status: 200, body: { extra_specs: {} } }),
    },
  ];
}

function pageOf(flavors: readonly Flavor[], query: URLSearchParams) {
  const minRam = Number(query.get('minRam') ?? 0);
  const minDisk = Number(query.get('minDisk') ?? 0);
  const fitting = flavors.filter((one) => one.memoryMib >= minRam && one.diskGib >= minDisk);
  const marker = query.get('marker');
  const at = marker === null ? -1 : fitting.findIndex(({ id }) => id === marker);
  if (marker !== null && at < 0) throw badRequest(`marker [${marker}] not found`);
  const rest = fitting.slice(at + 1);
  const limit = Number(query.get('limit') ?? rest.length);
  return { page: rest.slice(0, limit), isLast: limit >= rest.length };
}

function brief(flavor: Flavor, { origin, microversion }: ApiCall) {
  return {
    id: flavor.id,
    name: flavor.name,
    links: linksOf(origin, 'flavors', flavor.id),
    ...(microversion >= 55 && { description: null }),
  };
}

function detail(flavor: Flavor, call: ApiCall) {
  return {
    ...brief(flavor, call),
    ram: flavor.memoryMib,
    disk: flavor.diskGib,
    vcpus: flavor.vcpus,
    swap: call.microversion >= 75 ? 0 : '',
    'OS-FLV-EXT-DATA:ephemeral': 0,
    'OS-FLV-DISABLED:disabled': false,
    'os-flavor-access:is_public': true,
    rxtx_factor: 1,
    ...(call.microversion >= 61 && { extra_specs: {} }),
  };
}
