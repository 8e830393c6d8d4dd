import type { CallContext, Marker, NetworkObservation } from '../../contract';
import type { Ec2Account } from '../account';
import { findVpcs, findVpcsOf, isReady, observeNetwork } from '../vpcs';

/** Null while it is not made to its end. */
export async function locateNetwork(
  account: Ec2Account,
  marker: Marker,
  context: CallContext,
): Promise<NetworkObservation | null> {
  const [vpc] = await findVpcs(account, marker, context);
  return vpc !== undefined && isReady(vpc) ? observeNetwork(vpc) : null;
}

export async function listNetworks(
  account: Ec2Account,
  installationId: string,
  context: CallContext,
): Promise<readonly NetworkObservation[]> {
  return (await findVpcsOf(account, installationId, context)).filter(isReady).map(observeNetwork);
}
