import type { Cloud } from '../model/cloud';
import type { OpenCall } from '../wire/api-call';
import { PATHS } from '../wire/paths';
import type { Service } from '../wire/service';
import { aboutRoutes } from './compute-routes';
import { flavorRoutes } from './flavors';
import { keypairRoutes } from './keypairs';
import { metadataRoutes } from './metadata';
import { MICROVERSIONS, novaMicroversion } from './microversion';
import { novaError } from './nova-error';
import { serverRoutes } from './server-routes';
import type { ComputeService } from './work/compute-service';

const { root, version } = PATHS.compute;
const NOT_FOUND = '404 Not Found\n\nThe resource could not be found.\n\n   ';

/** Nova v2.1 with the microversions of its release 26. */
export function computeApi(cloud: Cloud, service: ComputeService): Service {
  const versions = ({ origin }: OpenCall) => ({ status: 200, body: { versions: [versionOf(origin)] } });
  const v21 = ({ origin }: OpenCall) => ({ status: 200, body: { version: described(origin) } });
  const { result: malformed } = novaError(400, 'Malformed request body');
  return {
    root,
    version,
    openRoutes: [
      { method: 'GET', pattern: '/', handle: versions },
      { method: 'GET', pattern: version, handle: v21 },
    ],
    routes: [
      ...flavorRoutes(cloud),
      ...serverRoutes(cloud, service),
      ...metadataRoutes(cloud),
      ...keypairRoutes(cloud),
      ...aboutRoutes(cloud),
    ],
    refuse: (status) => (status === 400 ? malformed : { status: 404, body: NOT_FOUND }),
    overLimit: (seconds) => {
      const message = 'This request was rate-limited.';
      const retryAfter = new Date(Date.now() + seconds * 1_000).toISOString();
      const body = { overLimit: { code: 429, message, retryAfter } };
      return { status: 429, body, headers: { 'Retry-After': String(seconds) } };
    },
    microversion: novaMicroversion,
  };
}

function versionOf(origin: string) {
  return {
    id: 'v2.1',
    status: 'CURRENT',
    version: MICROVERSIONS.max,
    min_version: MICROVERSIONS.min,
    updated: '2013-07-23T11:33:21Z',
    links: [{ rel: 'self', href: `${origin}${root}${version}/` }],
  };
}

function described(origin: string) {
  const type = 'application/vnd.openstack.compute+json;version=2.1';
  return { ...versionOf(origin), 'media-types': [{ base: 'application/json', type }] };
}
