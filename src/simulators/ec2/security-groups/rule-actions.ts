import { ApiError } from '../wire/api-error';
import type { Parameters } from '../wire/parameters';
import type { XmlObject } from '../wire/xml';
import type { Actions } from '../model/action';
import { find } from '../model/ids';
import type { SecurityGroup, SecurityRule } from '../model/records';
import type { World } from '../model/world';
import { readPermissions, sameRule } from './permissions';

const MAX_RULES = 60;

export function ruleActions(world: World): Actions {
  return {
    AuthorizeSecurityGroupIngress: (parameters) => authorize(world, parameters, false),
    AuthorizeSecurityGroupEgress: (parameters) => authorize(world, parameters, true),
    RevokeSecurityGroupIngress: (parameters) => revoke(world, parameters, false),
    RevokeSecurityGroupEgress: (parameters) => revoke(world, parameters, true),
  };
}

/** The group that is named by id, or by name in the default VPC. */
export function groupOf(world: World, parameters: Parameters): SecurityGroup {
  const name = parameters.text('GroupName');
  if (name === null || parameters.text('GroupId') !== null) {
    return find(world, 'security-group', parameters.required('GroupId'));
  }
  const defaultVpc = world.tables.vpc.all().find(({ isDefault }) => isDefault);
  const groups = world.tables['security-group'].all();
  const group = groups.find((one) => one.name === name && one.vpcId === defaultVpc?.id);
  if (group === undefined) {
    throw new ApiError('InvalidGroup.NotFound', `The security group '${name}' does not exist`);
  }
  return find(world, 'security-group', group.id);
}

function authorize(world: World, parameters: Parameters, isEgress: boolean): XmlObject {
  const group = groupOf(world, parameters);
  const added: SecurityRule[] = [];
  for (const facts of readPermissions(world, parameters, isEgress)) {
    if ([...group.rules, ...added].some((rule) => sameRule(rule, facts))) {
      const { peer, protocol, fromPort, toPort } = facts;
      throw new ApiError(
        'InvalidPermission.Duplicate',
        `the specified rule "peer: ${peer.value}, ${protocol}, from port: ${fromPort}, to port: ${toPort}, ALLOW" already exists`,
      );
    }
    added.push({ ...facts, id: world.newId('sgr') });
  }
  const rules = [...group.rules, ...added];
  if (rules.filter((rule) => rule.isEgress === isEgress).length > MAX_RULES) {
    throw new ApiError(
      'RulesPerSecurityGroupLimitExceeded',
      'The maximum number of rules per group has been reached.',
    );
  }
  world.tables['security-group'].put({ ...group, rules }, world.now());
  const { accountId } = world.options;
  return { return: true, securityGroupRuleSet: added.map((rule) => ruleView(rule, group.id, accountId)) };
}

function revoke(world: World, parameters: Parameters, isEgress: boolean): XmlObject {
  const group = groupOf(world, parameters);
  const ids = parameters.list('SecurityGroupRuleId');
  const unknown = ids.find((id) => !group.rules.some((rule) => rule.id === id && rule.isEgress === isEgress));
  if (unknown !== undefined) {
    throw new ApiError(
      'InvalidSecurityGroupRuleId.NotFound',
      `The security group rule ID '${unknown}' does not exist`,
    );
  }
  const facts = ids.length > 0 ? [] : readPermissions(world, parameters, isEgress);
  if (facts.some((one) => !group.rules.some((rule) => sameRule(rule, one)))) {
    throw new ApiError(
      'InvalidPermission.NotFound',
      'The specified rule does not exist in this security group.',
    );
  }
  const isRevoked = (rule: SecurityRule): boolean =>
    ids.includes(rule.id) || facts.some((one) => sameRule(rule, one));
  const rules = group.rules.filter((rule) => !isRevoked(rule));
  world.tables['security-group'].put({ ...group, rules }, world.now());
  return { return: true };
}

export function ruleView(rule: SecurityRule, groupId: string, groupOwnerId: string): XmlObject {
  const { kind, value } = rule.peer;
  const peer =
    kind === 'groupId'
      ? { referencedGroupInfo: { groupId: value, userId: groupOwnerId } }
      : { [kind]: value };
  return {
    securityGroupRuleId: rule.id,
    groupId,
    groupOwnerId,
    isEgress: rule.isEgress,
    ipProtocol: rule.protocol,
    fromPort: rule.fromPort ?? -1,
    toPort: rule.toPort ?? -1,
    ...peer,
    description: rule.description,
  };
}
