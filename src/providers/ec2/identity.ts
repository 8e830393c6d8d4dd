import { createHash } from 'node:crypto';
import { ownerKey } from '../contract';
import type { Marker } from '../contract';

/**
 * EC2's idempotency token of a launch, at most 64 ASCII characters. It follows from the owner alone, so that every
 * repetition names the same instance; and from the one that came before where that is gone, for which EC2 would answer
 * the dead one again.
 *
 * Never change it: a repetition may come after the gateway has been replaced.
 * @param predecessor the id of the last instance of this owner that is gone; null for the first
 */
export function launchToken(marker: Marker, predecessor: string | null): string {
  const digest = createHash('sha256').update(JSON.stringify([ownerKey(marker), predecessor]));
  return `hypergate-${digest.digest('hex').slice(0, 48)}`;
}

/** The name of a VM's key pair, unique in the account and region as EC2 wants it. */
export function keyPairName({ objectId }: Marker): string {
  return `hypergate-${objectId}`;
}

/** The name of a tenant's security group for VMs without a network, unique in its VPC. */
export function groupName({ installationId, tenantId }: Marker): string {
  const digest = createHash('sha256').update(JSON.stringify([installationId, tenantId]));
  return `hypergate-${tenantId}-${digest.digest('hex').slice(0, 8)}`;
}
