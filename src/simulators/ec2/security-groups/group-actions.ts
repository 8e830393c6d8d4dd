import { ApiError, dependencyViolation, invalidValue } from '../wire/api-error';
import type { Parameters } from '../wire/parameters';
import type { XmlObject } from '../wire/xml';
import type { Actions } from '../model/action';
import type { FilterFields } from '../model/filters';
import { find } from '../model/ids';
import { list } from '../model/listing';
import type { SecurityGroup, SecurityRule } from '../model/records';
import type { World } from '../model/world';
import { readTagSpecifications, tagSet } from '../tags/tag-specifications';
import { permissionViews } from './permissions';
import { groupOf, ruleActions } from './rule-actions';

const ALLOWED_TEXT = /^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/;

function rulesOf(isEgress: boolean, read: (rule: SecurityRule) => string | null) {
  return ({ rules }: SecurityGroup): readonly (string | null)[] =>
    rules.filter((rule) => rule.isEgress === isEgress).map(read);
}

const FILTERS: FilterFields<SecurityGroup> = {
  'group-id': ({ id }) => id,
  'group-name': ({ name }) => name,
  description: ({ description }) => description,
  'vpc-id': ({ vpcId }) => vpcId,
  'ip-permission.cidr': rulesOf(false, ({ peer }) => (peer.kind === 'cidrIpv4' ? peer.value : null)),
  'ip-permission.group-id': rulesOf(false, ({ peer }) => (peer.kind === 'groupId' ? peer.value : null)),
  'ip-permission.protocol': rulesOf(false, ({ protocol }) => protocol),
  'ip-permission.from-port': rulesOf(false, ({ fromPort }) => (fromPort === null ? null : String(fromPort))),
  'ip-permission.to-port': rulesOf(false, ({ toPort }) => (toPort === null ? null : String(toPort))),
  'egress.ip-permission.cidr': rulesOf(true, ({ peer }) => (peer.kind === 'cidrIpv4' ? peer.value : null)),
};

export function securityGroupActions(world: World): Actions {
  return {
    ...ruleActions(world),
    CreateSecurityGroup: (parameters) => createGroup(world, parameters),
    DeleteSecurityGroup: (parameters) => deleteGroup(world, parameters),
    DescribeSecurityGroups: (parameters) => {
      const names = parameters.list('GroupName');
      const listing = {
        kind: 'security-group',
        idParameter: 'GroupId',
        filters: FILTERS,
        isListed: ({ name }: SecurityGroup) => names.length === 0 || names.includes(name),
      } as const;
      const { items, nextToken } = list(world, parameters, listing);
      const missing = names.find((name) => !items.some((group) => group.name === name));
      if (missing !== undefined) {
        throw new ApiError('InvalidGroup.NotFound', `The security group '${missing}' does not exist`);
      }
      return {
        securityGroupInfo: items.map((group) => groupView(group, world.options.accountId)),
        nextToken,
      };
    },
  };
}

function createGroup(world: World, parameters: Parameters): XmlObject {
  const name = parameters.required('GroupName');
  const description = parameters.required('GroupDescription');
  const tags = readTagSpecifications(parameters, ['security-group'])('security-group');
  const vpcId = parameters.text('VpcId') ?? world.tables.vpc.all().find(({ isDefault }) => isDefault)?.id;
  if (vpcId === undefined) throw new ApiError('VPCIdNotSpecified', 'No default VPC for this user');
  find(world, 'vpc', vpcId);
  if (!ALLOWED_TEXT.test(name) || name.startsWith('sg-')) throw invalidValue('groupName', name);
  if (!ALLOWED_TEXT.test(description)) throw invalidValue('GroupDescription', description);
  const siblings = world.tables['security-group'].all().filter((group) => group.vpcId === vpcId);
  if (siblings.some((group) => group.name === name)) {
    throw new ApiError(
      'InvalidGroup.Duplicate',
      `The security group '${name}' already exists for VPC '${vpcId}'`,
    );
  }
  const everywhere: SecurityRule = {
    id: world.newId('sgr'),
    isEgress: true,
    protocol: '-1',
    fromPort: null,
    toPort: null,
    peer: { kind: 'cidrIpv4', value: '0.0.0.0/0' },
    description: null,
  };
  const group: SecurityGroup = {
    id: world.newId('sg'),
    sequence: world.nextSequence(),
    due: null,
    tags,
    vpcId,
    name,
    description,
    rules: [everywhere],
  };
  world.tables['security-group'].put(group, world.now());
  return { return: true, groupId: group.id, tagSet: tagSet(tags) };
}

function deleteGroup(world: World, parameters: Parameters): XmlObject {
  const group = groupOf(world, parameters);
  if (group.name === 'default') {
    throw new ApiError(
      'CannotDelete',
      `the specified group: "${group.id}" name: "default" cannot be deleted by a user`,
    );
  }
  const refers = ({ peer }: SecurityRule): boolean => peer.kind === 'groupId' && peer.value === group.id;
  const isUsed =
    world.tables['network-interface'].all().some(({ groupIds }) => groupIds.includes(group.id)) ||
    world.tables['security-group'].all().some(({ id, rules }) => id !== group.id && rules.some(refers));
  if (isUsed) throw dependencyViolation(`resource ${group.id} has a dependent object`);
  world.tables['security-group'].remove(group.id, world.now());
  return { return: true, groupId: group.id };
}

function groupView(group: SecurityGroup, ownerId: string): XmlObject {
  const permissions = (isEgress: boolean): readonly XmlObject[] =>
    permissionViews(
      group.rules.filter((rule) => rule.isEgress === isEgress),
      ownerId,
    );
  return {
    ownerId,
    groupId: group.id,
    groupName: group.name,
    groupDescription: group.description,
    vpcId: group.vpcId,
    ipPermissions: permissions(false),
    ipPermissionsEgress: permissions(true),
    tagSet: tagSet(group.tags),
  };
}
