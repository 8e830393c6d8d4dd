import { ApiError, dependencyViolation, invalidValue, missingParameter } from '../wire/api-error';
import type { Parameters } from '../wire/parameters';
import type { XmlObject } from '../wire/xml';
import type { Actions } from '../model/action';
import { contains, overlap, parseCidr, readCidr, writeCidr } from '../model/cidr';
import type { FilterFields } from '../model/filters';
import { find } from '../model/ids';
import { list } from '../model/listing';
import type { Subnet } from '../model/records';
import type { World } from '../model/world';
import { readTagSpecifications, tagSet } from '../tags/tag-specifications';
import { freeAddresses } from './addresses';
import { zoneId, zonesOf } from './zones';

function filtersOf(world: World): FilterFields<Subnet> {
  return {
    'subnet-id': ({ id }) => id,
    'vpc-id': ({ vpcId }) => vpcId,
    cidr: ({ cidr }) => cidr,
    cidrBlock: ({ cidr }) => cidr,
    'cidr-block': ({ cidr }) => cidr,
    'availability-zone': ({ zone }) => zone,
    availabilityZone: ({ zone }) => zone,
    'availability-zone-id': ({ zone }) => zoneId(zone),
    'default-for-az': ({ isDefault }) => isDefault,
    defaultForAz: ({ isDefault }) => isDefault,
    'map-public-ip-on-launch': ({ mapPublicIpOnLaunch }) => mapPublicIpOnLaunch,
    state: ({ state }) => state,
    'available-ip-address-count': (subnet) => freeAddresses(world, subnet),
  };
}

export function subnetActions(world: World): Actions {
  return {
    CreateSubnet: (parameters) => ({ subnet: subnetView(world, createSubnet(world, parameters)) }),
    DescribeSubnets: (parameters) => {
      const listing = { kind: 'subnet', idParameter: 'SubnetId', filters: filtersOf(world) } as const;
      const { items, nextToken } = list(world, parameters, listing);
      return { subnetSet: items.map((subnet) => subnetView(world, subnet)), nextToken };
    },
    DeleteSubnet: (parameters) => deleteSubnet(world, parameters),
    ModifySubnetAttribute: (parameters) => {
      const subnet = find(world, 'subnet', parameters.required('SubnetId'));
      const mapPublicIpOnLaunch = parameters.struct('MapPublicIpOnLaunch').flag('Value');
      if (mapPublicIpOnLaunch === null) throw missingParameter('MapPublicIpOnLaunch');
      world.tables.subnet.put({ ...subnet, mapPublicIpOnLaunch }, world.now());
      return { return: true };
    },
  };
}

function createSubnet(world: World, parameters: Parameters): Subnet {
  const vpc = find(world, 'vpc', parameters.required('VpcId'));
  const text = parameters.required('CidrBlock');
  const tagsFor = readTagSpecifications(parameters, ['subnet']);
  const cidr = readCidr('CidrBlock', text);
  const outer = parseCidr(vpc.cidr);
  if (outer === null || !contains(outer, cidr) || cidr.prefixLength > 28) {
    throw new ApiError('InvalidSubnet.Range', `The CIDR '${text}' is invalid.`);
  }
  const siblings = world.tables.subnet.all().filter(({ vpcId }) => vpcId === vpc.id);
  const conflicts = siblings.some((sibling) => {
    const other = parseCidr(sibling.cidr);
    return other !== null && overlap(cidr, other);
  });
  if (conflicts) {
    throw new ApiError('InvalidSubnet.Conflict', `The CIDR '${text}' conflicts with another subnet`);
  }
  const subnet: Subnet = {
    id: world.newId('subnet'),
    sequence: world.nextSequence(),
    due: null,
    tags: tagsFor('subnet'),
    vpcId: vpc.id,
    cidr: writeCidr(cidr),
    zone: readZone(world, parameters),
    isDefault: false,
    mapPublicIpOnLaunch: false,
    state: 'available',
  };
  world.tables.subnet.put(subnet, world.now());
  return subnet;
}

function readZone(world: World, parameters: Parameters): string {
  const zones = zonesOf(world.options.region);
  const byId = parameters.text('AvailabilityZoneId');
  const wanted = parameters.text('AvailabilityZone') ?? zones.find((zone) => zoneId(zone) === byId) ?? byId;
  if (wanted === null) return zones[0] ?? '';
  if (!zones.includes(wanted)) {
    throw invalidValue(
      'availabilityZone',
      wanted,
      `Subnets can be created in these zones: ${zones.join(', ')}`,
    );
  }
  return wanted;
}

function deleteSubnet(world: World, parameters: Parameters): XmlObject {
  const { id } = find(world, 'subnet', parameters.required('SubnetId'));
  const isUsed = world.tables['network-interface'].all().some(({ subnetId }) => subnetId === id);
  if (isUsed) throw dependencyViolation(`The subnet '${id}' has dependencies and cannot be deleted.`);
  for (const table of world.tables['route-table'].all()) {
    const associations = table.associations.filter(({ subnetId }) => subnetId !== id);
    if (associations.length < table.associations.length) {
      world.tables['route-table'].put({ ...table, associations }, world.now());
    }
  }
  world.tables.subnet.remove(id, world.now());
  return { return: true };
}

function subnetView(world: World, subnet: Subnet): XmlObject {
  const { region, accountId } = world.options;
  return {
    subnetId: subnet.id,
    subnetArn: `arn:aws:ec2:${region}:${accountId}:subnet/${subnet.id}`,
    state: subnet.state,
    ownerId: accountId,
    vpcId: subnet.vpcId,
    cidrBlock: subnet.cidr,
    ipv6CidrBlockAssociationSet: [],
    assignIpv6AddressOnCreation: false,
    availableIpAddressCount: freeAddresses(world, subnet),
    availabilityZone: subnet.zone,
    availabilityZoneId: zoneId(subnet.zone),
    defaultForAz: subnet.isDefault,
    mapPublicIpOnLaunch: subnet.mapPublicIpOnLaunch,
    tagSet: tagSet(subnet.tags),
  };
}
