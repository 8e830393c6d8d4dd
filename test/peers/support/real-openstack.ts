import type { OpenStackServer } from '../../providers/openstack/harness';
import { OpenStackIntruder } from '../../providers/openstack/intruder';
import { OpenStackPeer } from './openstack-peer';
import { SeverableCloud } from './severable-cloud';

/** The cloud stays up; it is the way to it that goes away. */
export async function startRealCloud(user: 'demo' | 'tiny' = 'demo'): Promise<OpenStackServer> {
  const access = (await OpenStackPeer.start()).access(user);
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
