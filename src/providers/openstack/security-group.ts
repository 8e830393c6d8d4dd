import type { CallContext, Marker } from '../contract';
import type { CreateSecurityGroupRule, SecurityGroup } from './client';
import type { Cloud } from './cloud';
import { isStatus } from './errors';
import { RULE_DESCRIPTION, missingRules, surplusRules, wantedRules } from './map-security-rules';
import { describedAs, hasNetworks } from './networks/find-network';
import { groupDescription, groupName } from './networks/record';

/**
 * The group of the tenant's VMs: they reach everything and each other, and are reached by what the configuration lets in.
 * Made, or brought up to date with the configuration, before a VM is.
 * @returns its id, as it goes into `CreateServer.security_groups` and `CreatePort.security_groups`
 */
export function ensureSecurityGroup(cloud: Cloud, marker: Marker, context: CallContext): Promise<string> {
  return cloud.locks.run(groupDescription(marker), async () => {
    const [existing] = await findGroups(cloud, marker, context);
    const group = existing ?? (await makeGroup(cloud, marker, context));
    await updateRules(cloud, group, context);
    return group.id;
  });
}

/**
 * Removes the group of a tenant that has no network left, unless a card has it: called when a network or a VM is gone.
 * While there is a network a VM may be in the making, whose cards Nova is yet to put into the group. VMs that are made
 * later have it made again.
 */
export async function removeIdleSecurityGroup(
  cloud: Cloud,
  marker: Marker,
  context: CallContext,
): Promise<void> {
  if (await hasNetworks(cloud, marker, context)) return;
  await cloud.locks.run(groupDescription(marker), async () => {
    for (const { id } of await findGroups(cloud, marker, context)) await removeGroup(cloud, id, context);
  });
}

async function removeGroup({ client }: Cloud, id: string, context: CallContext): Promise<void> {
  try {
    await client.network.securityGroups.delete(id, context);
  } catch (error) {
    if (!isStatus(error, 409)) throw error;
  }
}

/** The oldest first. */
async function findGroups(
  { client }: Cloud,
  marker: Marker,
  context: CallContext,
): Promise<readonly SecurityGroup[]> {
  const description = groupDescription(marker);
  const named = await client.network.securityGroups.list({ name: groupName(marker), description }, context);
  return describedAs(description, named);
}

async function makeGroup(cloud: Cloud, marker: Marker, context: CallContext): Promise<SecurityGroup> {
  const { securityGroups } = cloud.client.network;
  const values = { name: groupName(marker), description: groupDescription(marker) };
  const made = await securityGroups.create(values, context);
  // Another gateway may have made one in the same moment: the oldest serves both.
  const [oldest = made] = await findGroups(cloud, marker, context);
  if (oldest.id !== made.id) await securityGroups.delete(made.id, context);
  return oldest;
}

async function updateRules(
  { client, config }: Cloud,
  { id, security_group_rules: present }: SecurityGroup,
  context: CallContext,
): Promise<void> {
  const wanted = wantedRules(id, config.ingress);
  for (const rule of missingRules(wanted, present)) await addRule(client.network, rule, context);
  for (const rule of surplusRules(wanted, present))
    await client.network.securityGroupRules.delete(rule.id, context);
}

async function addRule(
  { securityGroupRules }: Cloud['client']['network'],
  rule: CreateSecurityGroupRule,
  context: CallContext,
): Promise<void> {
  try {
    await securityGroupRules.create({ ...rule, description: RULE_DESCRIPTION }, context);
  } catch (error) {
    // Somebody else has added the same one meanwhile.
    if (!isStatus(error, 409) || error.type === 'OverQuota') throw error;
  }
}
