import { z } from 'zod';
import type { Cloud } from '../model/cloud';
import type { SecurityGroup, SecurityGroupRule } from '../model/records';
import type { World } from '../model/world';
import { describable, describe, owned } from './common-schema';
import { commonView } from './common-view';
import { neutronError, overQuota } from './neutron-error';
import { newObject } from './new-object';
import type { Resource } from './resource';
import { ruleView } from './rule-view';

const createSchema = z.strictObject({ ...describable, ...owned, stateful: z.boolean().optional() });
const updateSchema = z.strictObject(describable);

export function securityGroupResource({
  world,
  options,
}: Cloud): Resource<SecurityGroup, typeof createSchema, typeof updateSchema> {
  return {
    path: 'security-groups',
    member: 'security_group',
    collection: 'security_groups',
    noun: 'Security group',
    rows: world.securityGroups,
    filters: ['stateful'],
    createSchema,
    updateSchema,
    isShared: () => false,
    view: (group) => ({
      ...commonView(group),
      stateful: group.stateful,
      shared: false,
      security_group_rules: rulesOf(world, group.id).map(ruleView),
    }),
    create: (asked, { projectId }) => {
      const count = groupsOf(world, projectId).length;
      if (count >= options.quota.securityGroups) throw overQuota('security_group');
      return makeGroup(world, projectId, asked);
    },
    update: (group, asked) => {
      if (group.name === 'default' && asked.name !== undefined && asked.name !== 'default') {
        throw neutronError(
          409,
          'SecurityGroupCannotUpdateDefault',
          'Updating default security group not allowed.',
        );
      }
      describe(group, asked);
    },
    remove: (group) => {
      if (group.name === 'default') {
        const words = 'Insufficient rights for removing default security group.';
        throw neutronError(409, 'SecurityGroupCannotRemoveDefault', words);
      }
      const isUsed = [...world.ports.values()].some(({ securityGroupIds }) =>
        securityGroupIds.includes(group.id),
      );
      if (isUsed) throw neutronError(409, 'SecurityGroupInUse', `Security Group ${group.id} in use.`);
      for (const rule of rulesOf(world, group.id)) world.securityGroupRules.delete(rule.id);
      world.securityGroups.delete(group.id);
    },
  };
}

function rulesOf(world: World, groupId: string): readonly SecurityGroupRule[] {
  return [...world.securityGroupRules.values()].filter(({ securityGroupId }) => securityGroupId === groupId);
}

export function groupsOf(world: World, projectId: string): readonly SecurityGroup[] {
  return [...world.securityGroups.values()].filter((group) => group.projectId === projectId);
}

/** Every project has one as soon as anybody looks for it. */
export function defaultGroup(world: World, projectId: string): SecurityGroup {
  const found = groupsOf(world, projectId).find(({ name }) => name === 'default');
  if (found) return found;
  const group = makeGroup(world, projectId, { name: 'default', description: 'Default security group' });
  for (const ethertype of ['IPv4', 'IPv6'] as const) {
    addRule(world, group, { direction: 'ingress', ethertype, remoteGroupId: group.id });
  }
  return group;
}

/** With what every group begins: all may leave. */
function makeGroup(
  world: World,
  projectId: string,
  asked: {
    readonly name?: string | undefined;
    readonly description?: string | null | undefined;
    readonly stateful?: boolean | undefined;
  },
): SecurityGroup {
  const group: SecurityGroup = { ...newObject(world, projectId, asked), stateful: asked.stateful ?? true };
  world.securityGroups.set(group.id, group);
  for (const ethertype of ['IPv4', 'IPv6'] as const) {
    addRule(world, group, { direction: 'egress', ethertype, remoteGroupId: null });
  }
  world.changed();
  return group;
}

function addRule(
  world: World,
  group: SecurityGroup,
  given: Pick<SecurityGroupRule, 'direction' | 'ethertype' | 'remoteGroupId'>,
): void {
  const rule: SecurityGroupRule = {
    ...newObject(world, group.projectId),
    ...given,
    securityGroupId: group.id,
    protocol: null,
    portRangeMin: null,
    portRangeMax: null,
    remoteIpPrefix: null,
  };
  world.securityGroupRules.set(rule.id, rule);
}
