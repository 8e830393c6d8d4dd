import type { OpenStackServer } from '../../providers/openstack/harness';
import { OpenStackIntruder } from '../../providers/openstack/intruder';
import type { OpenStackAccess } from '../../providers/openstack/intruder';
import { SeverableCloud } from './severable-cloud';

/** A user of the cloud that the peer starts: `demo` with a quota for ten servers, `tiny` with one for a single one. */
export function realCloudAccess(user: 'demo' | 'tiny' = 'demo'): OpenStackAccess {
  const authUrl = process.env['HYPERGATE_PEER_OPENSTACK'] ?? 'http://127.0.0.1:5000/v3';
  return { authUrl, username: user, password: 'extcloud', project: user, domain: 'Default' };
}

/** The cloud stays up; it is the way to it that goes away. */
export async function startRealCloud(): Promise<OpenStackServer> {
  const access = realCloudAccess();
  await new OpenStackIntruder(access).ensureImage('conformance-large', 3);
  const cloud = await SeverableCloud.start(access.authUrl);
  return {
    ...access,
    authUrl: cloud.through(access.authUrl),
    directly: access,
    setUnavailable: (unavailable) => cloud.sever(unavailable),
    stop: () => cloud.close(),
  };
}
