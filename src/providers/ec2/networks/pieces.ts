import type { InternetGateway, Subnet, Vpc } from '@aws-sdk/client-ec2';
import { sameOwner } from '../../contract';
import type { CallContext, Marker } from '../../contract';
import type { Ec2Account } from '../account';
import { OBJECT_FILTER, filter, markerOf } from '../map-marker';
import { findVpcs } from '../vpcs';

/** All that carries a network's marker; more than one VPC only after something went wrong. */
export interface NetworkPieces {
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
