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
import { removeIdleSecurityGroup } from './security-group';

/** All that carries the marker, whatever state it is in; then what goes with a server and is not removed with it. */
export async function deleteVm(cloud: Cloud, ref: VmRef, context: CallContext): Promise<Outcome<null>> {
  const { marker } = ref;
  const servers = await findRemovable(cloud, ref, context);
  if (servers.length > 0) return clearAway(cloud, servers, context);
  await releaseFloatingIps(cloud, marker, context);
  await cloud.client.compute.deleteKeypair(keypairName(marker), { signal: context.signal });
  await removeIdleSecurityGroup(cloud, marker, context);
  return done(null);
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

/** Removes them; the mutation goes on when they are gone. */
export async function clearAway<T>(
  cloud: Cloud,
  vms: readonly FoundServer[],
  context: CallContext,
): Promise<Outcome<T>> {
  await removeServers(cloud, vms, context);
  return acceptRemoval(cloud, { servers: vms.map(({ server }) => server.id) });
}
