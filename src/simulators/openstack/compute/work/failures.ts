import type { Cloud } from '../../model/cloud';
import type { Server } from '../../model/server-record';
import { unplugCards } from './cards';
import { pickHost, quotaExcess, usageOf } from './capacity';
import { setError, touchServer } from './outcomes';

/** Nothing has happened; who waits for it sees the task gone and the state as it was. */
export function vanish(cloud: Cloud, server: Server): void {
  const image = cloud.world.images.get(server.work?.imageId ?? '');
  if (image) cloud.world.images.delete(image.id);
  Object.assign(server, { taskState: null, work: null, resizeTo: null });
  touchServer(cloud, server);
}

/** What a failure of the hypervisor makes of the work: a creation and a deletion end in ERROR, the rest comes to nothing. */
export function failWork(cloud: Cloud, server: Server, driver: string): void {
  const kind = server.work?.kind;
  const reason = `simulated fault in ${driver}`;
  if (kind === 'CREATE') {
    unplugCards(cloud.world, server);
    server.host = null;
    const words = `Exceeded maximum number of retries. Exhausted all hosts available for retrying build failures for instance ${server.id}.`;
    setError(cloud, server, 500, words);
  } else if (kind === 'DELETE') {
    setError(cloud, server, 500, reason);
  } else {
    vanish(cloud, server);
  }
}

/**
 * What the conductor does before a host is asked: it counts again, now that the server is there, and looks for room.
 * Gives whether the creation may go on.
 */
export function admit(cloud: Cloud, server: Server): boolean {
  const earlier = usageOf(cloud, server.projectId, (other) => precedes(other, server));
  const { vcpus: cores, memoryMib } = server.flavor;
  const excess = quotaExcess(cloud, earlier, { instances: 1, cores, memoryMib });
  if (excess !== null) {
    setError(cloud, server, 413, excess);
    return false;
  }
  server.host = pickHost(cloud, server.flavor, server);
  if (server.host !== null) return true;
  setError(cloud, server, 500, 'No valid host was found. There are not enough hosts available.');
  return false;
}

/** Of those that race for the last place the first one wins; what has failed already stands in nobody's way here. */
function precedes(other: Server, server: Server): boolean {
  if (other.id === server.id || other.fault?.code === 413) return false;
  return other.createdAt < server.createdAt || (other.createdAt === server.createdAt && other.host !== null);
}
