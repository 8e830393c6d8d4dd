import { ApiError, dependencyViolation, invalidCombination, missingParameter } from '../wire/api-error';
import type { Parameters } from '../wire/parameters';
import type { XmlObject } from '../wire/xml';
import type { Actions } from '../model/action';
import { readCidr, writeCidr } from '../model/cidr';
import type { FilterFields } from '../model/filters';
import { find } from '../model/ids';
import { list } from '../model/listing';
import type { Vpc } from '../model/records';
import type { World } from '../model/world';
import { readTagSpecifications, tagSet } from '../tags/tag-specifications';
import { newVpc } from './new-vpc';

const FILTERS: FilterFields<Vpc> = {
  'vpc-id': ({ id }) => id,
  cidr: ({ cidr }) => cidr,
  'cidr-block': ({ cidr }) => cidr,
  'cidr-block-association.cidr-block': ({ cidr }) => cidr,
  'dhcp-options-id': () => 'default',
  state: ({ state }) => state,
  'is-default': ({ isDefault }) => isDefault,
  isDefault: ({ isDefault }) => isDefault,
};

export function vpcActions(world: World): Actions {
  const { accountId } = world.options;
  return {
    CreateVpc: (parameters) => ({ vpc: vpcView(createVpc(world, parameters), accountId) }),
    DescribeVpcs: (parameters) => {
      const { items, nextToken } = list(world, parameters, {
        kind: 'vpc',
        idParameter: 'VpcId',
        filters: FILTERS,
      });
      return { vpcSet: items.map((vpc) => vpcView(vpc, accountId)), nextToken };
    },
    DeleteVpc: (parameters) => deleteVpc(world, parameters),
    ModifyVpcAttribute: (parameters) => modifyVpc(world, parameters),
    DescribeVpcAttribute: (parameters) => {
      const vpc = find(world, 'vpc', parameters.required('VpcId'));
      const name = parameters.oneOf('Attribute', ['enableDnsSupport', 'enableDnsHostnames']);
      if (name === null) throw missingParameter('Attribute');
      return { vpcId: vpc.id, [name]: { value: vpc[name] } };
    },
  };
}

function createVpc(world: World, parameters: Parameters): Vpc {
  const text = parameters.required('CidrBlock');
  const tagsFor = readTagSpecifications(parameters, ['vpc']);
  const cidr = readCidr('CidrBlock', text);
  if (cidr.prefixLength < 16 || cidr.prefixLength > 28) {
    throw new ApiError('InvalidVpc.Range', `The CIDR '${text}' is invalid.`);
  }
  if (world.tables.vpc.all().length >= world.options.maxVpcs) {
    throw new ApiError('VpcLimitExceeded', 'The maximum number of VPCs has been reached.');
  }
  const tenancy = parameters.oneOf('InstanceTenancy', ['default', 'dedicated']) ?? 'default';
  const vpc = { cidr: writeCidr(cidr), isDefault: false, tags: tagsFor('vpc'), tenancy };
  const created = newVpc(world, vpc, world.now());
  // What the answer shows is the moment of creation.
  return { ...created, state: 'pending' };
}

/** What goes with a VPC is its main route table and its default group; everything else has to go before. */
function deleteVpc(world: World, parameters: Parameters): XmlObject {
  const vpc = find(world, 'vpc', parameters.required('VpcId'));
  const { tables } = world;
  const inVpc = ({ vpcId }: { readonly vpcId: string | null }): boolean => vpcId === vpc.id;
  const routeTables = tables['route-table'].all().filter(inVpc);
  const groups = tables['security-group'].all().filter(inVpc);
  const isUsed =
    tables.subnet.all().some(inVpc) ||
    tables['internet-gateway'].all().some(inVpc) ||
    tables['network-interface'].all().some(inVpc) ||
    routeTables.some(({ associations }) => !associations.some(({ subnetId }) => subnetId === null)) ||
    groups.some(({ name }) => name !== 'default');
  if (isUsed) throw dependencyViolation(`The vpc '${vpc.id}' has dependencies and cannot be deleted.`);
  const now = world.now();
  for (const { id } of routeTables) tables['route-table'].remove(id, now);
  for (const { id } of groups) tables['security-group'].remove(id, now);
  tables.vpc.remove(vpc.id, now);
  return { return: true };
}

function modifyVpc(world: World, parameters: Parameters): XmlObject {
  const vpc = find(world, 'vpc', parameters.required('VpcId'));
  const support = parameters.struct('EnableDnsSupport').flag('Value');
  const names = parameters.struct('EnableDnsHostnames').flag('Value');
  if (support === null && names === null) throw missingParameter('EnableDnsSupport');
  if (support !== null && names !== null)
    throw invalidCombination('Only one attribute can be modified at a time.');
  const changed = {
    ...vpc,
    enableDnsSupport: support ?? vpc.enableDnsSupport,
    enableDnsHostnames: names ?? vpc.enableDnsHostnames,
  };
  if (changed.enableDnsHostnames && !changed.enableDnsSupport) {
    throw invalidCombination('DNS hostnames need DNS support.');
  }
  world.tables.vpc.put(changed, world.now());
  return { return: true };
}

function vpcView(vpc: Vpc, ownerId: string): XmlObject {
  return {
    vpcId: vpc.id,
    ownerId,
    state: vpc.state,
    cidrBlock: vpc.cidr,
    cidrBlockAssociationSet: [
      {
        associationId: vpc.id.replace('vpc-', 'vpc-cidr-assoc-'),
        cidrBlock: vpc.cidr,
        cidrBlockState: { state: 'associated' },
      },
    ],
    dhcpOptionsId: 'default',
    instanceTenancy: vpc.tenancy,
    isDefault: vpc.isDefault,
    tagSet: tagSet(vpc.tags),
  };
}
