import type { CallContext, Marker, Outcome } from '../contract';
import type { Cloud } from './cloud';
import { isStatus } from './errors';
import type { FoundServer } from './map-server';
import { stateOf } from './map-power-state';
import { acceptWork } from './operations';

/**
 * Ends a resize that waits for its confirmation; the mutation goes on when that is done. Until then Nova takes little
 * else, and it keeps the old server on its disks.
 * @param decision to go back is for whoever wants another size; everybody else takes it as it is, as Nova itself does
 *   after a time
 */
export async function settleResize<T>(
  cloud: Cloud,
  { server }: FoundServer,
  marker: Marker,
  { signal }: CallContext,
  decision: 'CONFIRM' | 'REVERT' = 'CONFIRM',
): Promise<Outcome<T>> {
  if (stateOf(server).task === null) {
    const action = decision === 'CONFIRM' ? { confirmResize: null } : { revertResize: null };
    try {
      await cloud.client.compute.servers.act(server.id, action, { signal });
    } catch (error) {
      // Nova says 400 ("has not been resized") to whoever comes second: the first one's is waited for.
      if (!isStatus(error, 400, 409)) throw error;
    }
  }
  return acceptWork(cloud, {
    server: server.id,
    marker,
    target: { kind: 'RESIZE_SETTLED' },
    then: 'CONTINUE',
  });
}
