import { ApiError, invalidCombination, invalidValue } from '../wire/api-error';
import type { Parameters } from '../wire/parameters';
import { find, findAll } from '../model/ids';
import type { Subnet } from '../model/records';
import type { World } from '../model/world';
import type { InstanceType } from '../types/catalog';
import type { CardPlan } from './launch';

/** Either `NetworkInterface.N`, or `SubnetId` and `SecurityGroupId.N` for the only one. */
export function readCards(world: World, parameters: Parameters, type: InstanceType): readonly CardPlan[] {
  const specifications = parameters.structs('NetworkInterface');
  if (specifications.length === 0) return [readCard(world, parameters, 0)];
  if (parameters.has('SubnetId')) {
    throw invalidCombination(
      'Network interfaces and an instance-level subnet ID may not be specified on the same request',
    );
  }
  if (parameters.has('SecurityGroupId') || parameters.has('SecurityGroup')) {
    throw invalidCombination(
      'Network interfaces and instance-level security groups may not be specified on the same request',
    );
  }
  const cards = specifications
    .map((one) => readCard(world, one, one.integer('DeviceIndex', 0, 100) ?? 0))
    .sort((one, other) => one.deviceIndex - other.deviceIndex);
  checkTogether(specifications, cards, type);
  return cards;
}

function checkTogether(
  specifications: readonly Parameters[],
  cards: readonly CardPlan[],
  type: InstanceType,
): void {
  const indices = new Set(cards.map(({ deviceIndex }) => deviceIndex));
  if (!indices.has(0) || indices.size < cards.length) {
    throw invalidCombination('Each network interface requires a device index of its own, beginning with 0.');
  }
  if (cards.length > type.maxInterfaces) {
    throw new ApiError(
      'AttachmentLimitExceeded',
      `Interface count ${cards.length} exceeds the limit for ${type.id}`,
    );
  }
  if (cards.length > 1 && specifications.some((one) => one.flag('AssociatePublicIpAddress') === true)) {
    throw invalidCombination(
      'The associatePublicIPAddress parameter cannot be specified when launching with multiple network interfaces.',
    );
  }
  if (new Set(cards.map(({ subnet }) => subnet.zone)).size > 1) {
    throw invalidCombination('Network interfaces must be in the same availability zone.');
  }
}

function readCard(world: World, parameters: Parameters, deviceIndex: number): CardPlan {
  const subnetId = parameters.text('SubnetId');
  const subnet = subnetId === null ? defaultSubnet(world, parameters) : find(world, 'subnet', subnetId);
  return {
    deviceIndex,
    subnet,
    groupIds: readGroups(world, parameters, subnet),
    privateIp: parameters.text('PrivateIpAddress'),
    wantsPublicIp: parameters.flag('AssociatePublicIpAddress') ?? subnet.mapPublicIpOnLaunch,
    description: parameters.text('Description') ?? '',
    deleteOnTermination: parameters.flag('DeleteOnTermination') ?? true,
  };
}

function defaultSubnet(world: World, parameters: Parameters): Subnet {
  const zone = parameters.struct('Placement').text('AvailabilityZone');
  const defaults = world.tables.subnet.all().filter(({ isDefault }) => isDefault);
  const subnet = defaults.find((one) => zone === null || one.zone === zone);
  if (subnet !== undefined) return subnet;
  if (defaults.length > 0) throw invalidValue('availabilityZone', zone ?? '', 'Invalid availability zone');
  throw new ApiError('VPCIdNotSpecified', 'No default VPC for this user');
}

function readGroups(world: World, parameters: Parameters, subnet: Subnet): readonly string[] {
  const inVpc = world.tables['security-group'].all().filter(({ vpcId }) => vpcId === subnet.vpcId);
  const named = parameters.list('SecurityGroup').map((name) => {
    const group = inVpc.find((one) => one.name === name);
    if (group === undefined) {
      throw new ApiError('InvalidGroup.NotFound', `The security group '${name}' does not exist`);
    }
    return group;
  });
  const groups = [...findAll(world, 'security-group', parameters.list('SecurityGroupId')), ...named];
  const foreign = groups.find(({ vpcId }) => vpcId !== subnet.vpcId);
  if (foreign !== undefined) {
    const message = `Security group ${foreign.id} and subnet ${subnet.id} belong to different networks.`;
    throw new ApiError('InvalidParameter', message);
  }
  const chosen = groups.length > 0 ? groups : inVpc.filter(({ name }) => name === 'default');
  return chosen.map(({ id }) => id);
}
