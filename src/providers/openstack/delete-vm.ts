import { notFound } from '../../kernel';
import { done } from '../contract';
import type { CallContext, Outcome, VmRef } from '../contract';
import type { Cloud } from './cloud';
import { isStatus } from './errors';
import { findByMarker, readServer } from './find-vm';
import { releaseFloatingIps } from './floating-ips';
import { keypairName } from './identity';
import { carries, isBeingDeleted } from './map-server';
import type { FoundServer } from './map-server';
import { acceptRemoval } from './operations';

/** All that carries the marker, whatever state it is in; what goes with a server and is not removed with it goes first. */
export async function deleteVm(cloud: Cloud, ref: VmRef, context: CallContext): Promise<Outcome<null>> {
  const { marker } = ref;
  const servers = await findRemovable(cloud, ref, context);
  await releaseFloatingIps(cloud, marker, context);
  await cloud.client.compute.deleteKeypair(keypairName(marker), { signal: context.signal });
  if (servers.length === 0) return done(null);
  await removeServers(cloud, servers, context);
  return acceptRemoval(cloud, { servers: servers.map(({ server }) => server.id), then: 'NOTHING' });
}

/** @throws NOT_FOUND for what is somebody else's */
async function findRemovable(
  cloud: Cloud,
  { externalId, marker }: VmRef,
  context: CallContext,
): Promise<readonly FoundServer[]> {
  const named = externalId === '' ? null : await readServer(cloud, externalId, context);
  if (named !== null && !carries(named, marker)) throw notFound('VM', marker.objectId);
  const marked = await findByMarker(cloud, marker, context);
  if (named === null || marked.some(({ server }) => server.id === named.server.id)) return marked;
  return [named, ...marked];
}

/** Asks Nova to remove them, which takes it a while; what is being removed already bears to be asked again. */
export async function removeServers(
  cloud: Cloud,
  vms: readonly FoundServer[],
  context: CallContext,
): Promise<void> {
  for (const { server } of vms) {
    try {
      await cloud.client.compute.servers.delete(server.id, { signal: context.signal });
    } catch (error) {
      if (!isStatus(error, 409)) throw error;
      const now = await readServer(cloud, server.id, context);
      // Locked by an administrator, for one.
      if (now !== null && !isBeingDeleted(now.server)) throw error;
    }
  }
}

/** Makes room for a creation: what an earlier attempt has left is removed, and then the creation goes on. */
export async function clearAway<T>(
  cloud: Cloud,
  vms: readonly FoundServer[],
  context: CallContext,
): Promise<Outcome<T>> {
  await removeServers(cloud, vms, context);
  return acceptRemoval(cloud, { servers: vms.map(({ server }) => server.id), then: 'CONTINUE' });
}
