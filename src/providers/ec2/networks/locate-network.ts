import type { CallContext, Marker, NetworkObservation } from '../../contract';
import type { Ec2Account } from '../account';
import { findVpcs, isReady, observeNetwork } from '../vpcs';

/** Null while it is not made to its end. */
export async function locateNetwork(
  account: Ec2Account,
  marker: Marker,
  context: CallContext,
): Promise<NetworkObservation | null> {
  const [vpc] = await findVpcs(account, marker, context);
  return vpc !== undefined && isReady(vpc) ? observeNetwork(vpc) : null;
}
