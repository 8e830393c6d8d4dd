import type { CallContext, NetworkObservation, OperationProgress } from '../../contract';
import type { Ec2Account } from '../account';
import { findVpc, isReady, observeNetwork } from '../vpcs';
import { inGrace, running } from './accept';
import type { NetworkPlan, RemovalPlan } from './stored';

export async function pollNetwork(
  account: Ec2Account,
  plan: NetworkPlan,
  context: CallContext,
): Promise<OperationProgress<NetworkObservation>> {
  const vpc = await findVpc(account, plan.vpc, context);
  if (vpc !== null && isReady(vpc)) return { state: 'DONE', value: observeNetwork(vpc) };
  return inGrace(account, plan) ? running(plan) : { state: 'LOST' };
}

export async function pollRemoval(
  account: Ec2Account,
  plan: RemovalPlan,
  context: CallContext,
): Promise<OperationProgress<null>> {
  const left = await Promise.all(plan.vpcs.map((id) => findVpc(account, id, context)));
  if (left.every((vpc) => vpc === null)) return { state: 'DONE', value: null };
  return inGrace(account, plan) ? running(plan) : { state: 'LOST' };
}
