import type { Filter, Subnet } from '@aws-sdk/client-ec2';
import { AppError, notFound } from '../../../kernel';
import type { CallContext, VmSpec } from '../../contract';
import type { Ec2Account } from '../account';
import { filter, markerOf } from '../map-marker';
import { ensureTenantGroup } from './tenant-group';

/** Where an instance is launched into. */
export interface Place {
  readonly subnetId: string;
  /** Null: the VPC's own group, by which members of a network reach each other. */
  readonly groupId: string | null;
  /** The network of ours that it is. */
  readonly networkId: string | null;
}

/** @throws NOT_FOUND for a network that is not there; FAILED_PRECONDITION where VMs need one */
export async function findPlace(account: Ec2Account, spec: VmSpec, context: CallContext): Promise<Place> {
  const network = spec.networks[0]?.externalId;
  if (network === undefined) return placeWithoutNetwork(account, spec, context);
  const subnet = await findSubnet(account, network, [filter('vpc-id', network)], context);
  if (subnet === null || markerOf(subnet.Tags) === null)
    throw notFound('Network', network, 'spec.networks.0.externalId');
  return { subnetId: subnet.SubnetId ?? '', groupId: null, networkId: network };
}

async function placeWithoutNetwork(
  account: Ec2Account,
  { marker }: VmSpec,
  context: CallContext,
): Promise<Place> {
  const { subnetId, availabilityZone } = account.config;
  const filters =
    subnetId === undefined
      ? [
          filter('default-for-az', 'true'),
          ...(availabilityZone === undefined ? [] : [filter('availability-zone', availabilityZone)]),
        ]
      : [filter('subnet-id', subnetId)];
  const subnet = await findSubnet(account, 'none', filters, context);
  if (subnet?.SubnetId === undefined || subnet.VpcId === undefined)
    throw new AppError('FAILED_PRECONDITION', 'This backend has no subnet for VMs without a network.');
  const groupId = await ensureTenantGroup(account, marker, subnet.VpcId, context);
  return { subnetId: subnet.SubnetId, groupId, networkId: null };
}

/** The first by its zone, so that a repeated launch asks for the same. */
async function findSubnet(
  { line, subnets }: Ec2Account,
  key: string,
  filters: Filter[],
  { signal }: CallContext,
): Promise<Subnet | null> {
  return subnets.get(key, async () => {
    const answer = await line.send(signal, (sdk) => new sdk.DescribeSubnetsCommand({ Filters: filters }));
    const ready = (answer.Subnets ?? []).filter(({ State }) => State === 'available');
    return ready.toSorted(byZone)[0] ?? null;
  });
}

function byZone(one: Subnet, other: Subnet): number {
  const [first, second] = [one, other].map(
    ({ AvailabilityZone, SubnetId }) => `${AvailabilityZone} ${SubnetId}`,
  );
  return (first ?? '') < (second ?? '') ? -1 : 1;
}
