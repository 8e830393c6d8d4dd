import type { IncomingHttpHeaders } from 'node:http';
import type { Service } from '../wire/service';
import { novaError } from './nova-error';

const NEWEST = 93;

/** Nova's way to change its API without breaking anybody: each request says which version it was written for. */
export const novaMicroversion: NonNullable<Service['microversion']> = { read, headers };

export const MICROVERSIONS = { min: '2.1', max: `2.${NEWEST}` };

function read(sent: IncomingHttpHeaders): number {
  const wanted = wantedIn(sent);
  if (wanted === null) return 1;
  if (wanted === 'latest') return NEWEST;
  const [, major, minor] = /^([1-9]\d*)\.([1-9]\d*|0)$/.exec(wanted) ?? [];
  if (major === undefined || minor === undefined) {
    const words = `API Version String ${wanted} is of invalid format. Must be of format MajorNum.MinorNum.`;
    throw novaError(400, words);
  }
  if (major !== '2' || Number(minor) < 1 || Number(minor) > NEWEST) {
    const words = `Version ${wanted} is not supported by the API. Minimum is ${MICROVERSIONS.min} and maximum is ${MICROVERSIONS.max}.`;
    throw novaError(406, words);
  }
  return Number(minor);
}

/** The newer header names the service, because one may speak for several. */
function wantedIn(sent: IncomingHttpHeaders): string | null {
  const newer = String(sent['openstack-api-version'] ?? '');
  const [, version] = /(?:^|,)\s*compute\s+([^,\s]+)/.exec(newer) ?? [];
  if (version !== undefined) return version;
  const older = sent['x-openstack-nova-api-version'];
  return typeof older === 'string' && older !== '' ? older.trim() : null;
}

function headers(microversion: number): Readonly<Record<string, string>> {
  return {
    'OpenStack-API-Version': `compute 2.${microversion}`,
    'X-OpenStack-Nova-API-Version': `2.${microversion}`,
    Vary: 'OpenStack-API-Version, X-OpenStack-Nova-API-Version',
  };
}
