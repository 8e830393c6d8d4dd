import type { InternetGateway, Subnet, Vpc } from '@aws-sdk/client-ec2';
import { sameOwner } from '../../contract';
import type { CallContext, Marker, NetworkObservation } from '../../contract';
import type { Ec2Account } from '../account';
import { OBJECT_FILTER, READY_TAG, filter, markerOf, nameOf, tagValue } from '../map-marker';

/** All that carries a network's marker; more than one VPC only after something went wrong. */
export interface NetworkPieces {
  /** The one that is ready first, then by id, so that all who look choose the same. */
  readonly vpcs: readonly Vpc[];
  readonly subnets: readonly Subnet[];
  readonly gateways: readonly InternetGateway[];
}

export async function findPieces(
  account: Ec2Account,
  marker: Marker,
  context: CallContext,
): Promise<NetworkPieces> {
  const { line } = account;
  const { signal } = context;
  const input = { Filters: [filter(OBJECT_FILTER, marker.objectId)] };
  const [vpcs, subnets, gateways] = await Promise.all([
    findVpcs(account, marker, context),
    line.send(signal, (sdk) => new sdk.DescribeSubnetsCommand(input)),
    line.send(signal, (sdk) => new sdk.DescribeInternetGatewaysCommand(input)),
  ]);
  return {
    vpcs,
    subnets: (subnets.Subnets ?? []).filter(({ Tags }) => sameOwner(markerOf(Tags), marker)),
    gateways: (gateways.InternetGateways ?? []).filter(({ Tags }) => sameOwner(markerOf(Tags), marker)),
  };
}

export async function findVpcs(
  { line }: Ec2Account,
  marker: Marker,
  { signal }: CallContext,
): Promise<readonly Vpc[]> {
  const input = { Filters: [filter(OBJECT_FILTER, marker.objectId)] };
  const { Vpcs = [] } = await line.send(signal, (sdk) => new sdk.DescribeVpcsCommand(input));
  return Vpcs.filter(({ Tags }) => sameOwner(markerOf(Tags), marker)).toSorted(byPrecedence);
}

/** Any VPC, whoever it belongs to; null when it is not there. */
export async function findVpc(
  { line }: Ec2Account,
  id: string,
  { signal }: CallContext,
): Promise<Vpc | null> {
  const input = { Filters: [filter('vpc-id', id)] };
  const { Vpcs = [] } = await line.send(signal, (sdk) => new sdk.DescribeVpcsCommand(input));
  return Vpcs[0] ?? null;
}

function byPrecedence(one: Vpc, other: Vpc): number {
  return Number(isReady(other)) - Number(isReady(one)) || ((one.VpcId ?? '') < (other.VpcId ?? '') ? -1 : 1);
}

/** Made to its end. Others are shown to nobody. */
export function isReady({ Tags }: Vpc): boolean {
  return tagValue(Tags, READY_TAG) !== undefined;
}

export function observeNetwork({ VpcId = '', Tags, State }: Vpc): NetworkObservation {
  const name = nameOf(Tags);
  return {
    externalId: VpcId,
    marker: markerOf(Tags),
    name: name === '' ? VpcId : name,
    active: State === 'available',
  };
}
