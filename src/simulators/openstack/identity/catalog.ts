import { createHash } from 'node:crypto';
import { PATHS } from '../wire/paths';

interface Entry {
  readonly type: string;
  readonly name: string;
  readonly path: string;
}

const ENTRIES: readonly Entry[] = [
  { type: 'identity', name: 'keystone', path: PATHS.identity.root },
  { type: 'compute', name: 'nova', path: PATHS.compute.root + PATHS.compute.version },
  { type: 'image', name: 'glance', path: PATHS.image.root },
  { type: 'network', name: 'neutron', path: PATHS.network.root },
];

/** What a token says of the services: where each is, for the clients that came by this origin. */
export function catalog(origin: string, region: string): readonly object[] {
  return ENTRIES.map(({ type, name, path }) => ({
    id: idOf(type),
    type,
    name,
    endpoints: ['public', 'internal'].map((face) => ({
      id: idOf(`${type} ${face}`),
      interface: face,
      region_id: region,
      region,
      url: origin + path,
    })),
  }));
}

function idOf(name: string): string {
  return createHash('md5').update(name).digest('hex');
}
