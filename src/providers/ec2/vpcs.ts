import type { Vpc } from '@aws-sdk/client-ec2';
import { sameOwner } from '../contract';
import type { CallContext, Marker, NetworkObservation } from '../contract';
import type { Ec2Account } from './account';
import { INSTALLATION_TAG, OBJECT_FILTER, READY_TAG, filter, markerOf, nameOf, tagValue } from './map-marker';
import { allPages } from './pages';

/** Those that carry the marker: the one that is ready first, then by id, so that all who look choose the same. */
export async function findVpcs(
  { line }: Ec2Account,
  marker: Marker,
  { signal }: CallContext,
): Promise<readonly Vpc[]> {
  const input = { Filters: [filter(OBJECT_FILTER, marker.objectId)] };
  const { Vpcs = [] } = await line.send(signal, (sdk) => new sdk.DescribeVpcsCommand(input));
  return Vpcs.filter(({ Tags }) => sameOwner(markerOf(Tags), marker)).toSorted(byPrecedence);
}

/** Those of an installation. */
export async function findVpcsOf(
  { line }: Ec2Account,
  installationId: string,
  { signal }: CallContext,
): Promise<readonly Vpc[]> {
  const filters = [filter(`tag:${INSTALLATION_TAG}`, installationId)];
  const pages = await allPages((page) =>
    line.send(signal, (sdk) => new sdk.DescribeVpcsCommand({ Filters: filters, ...page })),
  );
  // EC2's filters take `*` and `?` for wildcards.
  return pages
    .flatMap(({ Vpcs = [] }) => Vpcs)
    .filter(({ Tags }) => markerOf(Tags)?.installationId === installationId);
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
