import type { CallContext, Marker } from '../contract';
import type { Cloud } from './cloud';
import { isStatus } from './errors';
import { keypairName } from './identity';

/**
 * A key pair of the VM's own, so that nobody's key is removed with another VM. It is made with the same key each time.
 * @returns its name; null where Nova does not take it: it knows fewer kinds of keys than OpenSSH, and has a quota of key
 *   pairs for each user (100 by default), which all VMs of the gateway share
 */
export async function ensureKeypair(
  { client, logger }: Cloud,
  marker: Marker,
  publicKey: string,
  { signal }: CallContext,
): Promise<string | null> {
  const name = keypairName(marker);
  try {
    await client.compute.createKeypair({ name, public_key: publicKey }, { signal });
    return name;
  } catch (error) {
    if (isStatus(error, 409)) return name;
    if (!isStatus(error, 400, 403)) throw error;
    logger.info({ err: error, vm: marker.objectId }, 'OpenStack: the key goes into the user data.');
    return null;
  }
}
