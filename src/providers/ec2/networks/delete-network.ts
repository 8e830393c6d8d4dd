import type { Vpc } from '@aws-sdk/client-ec2';
import { AppError, notFound } from '../../../kernel';
import { done, ownerKey, sameOwner } from '../../contract';
import type { CallContext, Marker, NetworkRef, Outcome } from '../../contract';
import type { Ec2Account } from '../account';
import { isFault, isNotFound } from '../client';
import { stillBusy } from '../errors';
import { LIVING_STATES } from '../instances';
import { accept } from '../operations';
import { findVpc } from '../vpcs';
import { filter, markerOf } from '../map-marker';
import { findPieces } from './pieces';
import type { NetworkPieces } from './pieces';

/** Removes all that carries the marker. The subnet goes first: EC2 refuses that while a card is in it, and all is as it was. */
export function deleteNetwork(
  account: Ec2Account,
  { externalId, marker }: NetworkRef,
  context: CallContext,
): Promise<Outcome<null>> {
  return account.locks.run(ownerKey(marker), async () => {
    const pieces = await findPieces(account, marker, context);
    const isKnown = externalId === '' || pieces.vpcs.some(({ VpcId }) => VpcId === externalId);
    const vpc = isKnown ? null : await findVpc(account, externalId, context);
    if (vpc !== null && !sameOwner(markerOf(vpc.Tags), marker)) throw notFound('Network', marker.objectId);
    const doomed = vpc === null ? pieces.vpcs : [...pieces.vpcs, vpc];
    for (const each of doomed) await removeVpc(account, each, pieces, context);
    // What no VPC holds: a gateway that was made and not attached.
    for (const { InternetGatewayId = '' } of pieces.gateways)
      await removeGateway(account, InternetGatewayId, null, context);
    return hidden(account, marker, doomed, context);
  });
}

/** Over when no read shows them any more. */
async function hidden(
  account: Ec2Account,
  marker: Marker,
  doomed: readonly Vpc[],
  context: CallContext,
): Promise<Outcome<null>> {
  const ids = doomed.map(({ VpcId = '' }) => VpcId);
  const left = await Promise.all(ids.map((id) => findVpc(account, id, context)));
  if (left.every((vpc) => vpc === null)) return done(null);
  return accept(account, 'removal', { vpcs: ids, marker });
}

/** @throws FAILED_PRECONDITION while VMs are on it; a retryable error while EC2 has yet to remove something from it */
export async function removeVpc(
  account: Ec2Account,
  { VpcId = '' }: Vpc,
  { subnets, gateways }: NetworkPieces,
  context: CallContext,
): Promise<void> {
  const { line } = account;
  const { signal } = context;
  account.subnets.forget(VpcId);
  try {
    for (const { SubnetId = '' } of subnets.filter((subnet) => subnet.VpcId === VpcId))
      await gone(() => line.send(signal, (sdk) => new sdk.DeleteSubnetCommand({ SubnetId })));
    for (const { InternetGatewayId = '', Attachments = [] } of gateways)
      if (Attachments.some((attachment) => attachment.VpcId === VpcId))
        await removeGateway(account, InternetGatewayId, VpcId, context);
    await gone(() => line.send(signal, (sdk) => new sdk.DeleteVpcCommand({ VpcId })));
  } catch (error) {
    if (!isFault(error, 'DependencyViolation')) throw error;
    throw await inUse(account, VpcId, error, context);
  }
}

async function removeGateway(
  { line }: Ec2Account,
  InternetGatewayId: string,
  VpcId: string | null,
  { signal }: CallContext,
): Promise<void> {
  if (VpcId !== null) {
    const input = { InternetGatewayId, VpcId };
    await gone(() => line.send(signal, (sdk) => new sdk.DetachInternetGatewayCommand(input)));
  }
  await gone(() => line.send(signal, (sdk) => new sdk.DeleteInternetGatewayCommand({ InternetGatewayId })));
}

/** What is gone already need not be removed. */
async function gone(request: () => Promise<unknown>): Promise<void> {
  try {
    await request();
  } catch (error) {
    if (!isNotFound(error) && !isFault(error, 'Gateway.NotAttached')) throw error;
  }
}

/** The cards of VMs that were terminated stay a little longer than they. */
async function inUse(
  { line }: Ec2Account,
  vpcId: string,
  cause: unknown,
  { signal }: CallContext,
): Promise<AppError> {
  const input = {
    Filters: [filter('vpc-id', vpcId), filter('instance-state-name', ...LIVING_STATES)],
    MaxResults: 5,
  };
  const { Reservations = [] } = await line.send(signal, (sdk) => new sdk.DescribeInstancesCommand(input));
  if (Reservations.length === 0) return stillBusy(cause);
  return new AppError('FAILED_PRECONDITION', 'There are VMs on the network.', { cause });
}
