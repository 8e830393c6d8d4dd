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
 *
 * There are several where gateways made one in the same moment. A VM is in all that are seen: of two gateways at least one
 * sees the other's, so that their VMs have one in common, whatever the clocks of the cloud say of who came first.
 * @returns the ids, as they go into `CreateServer.security_groups` and `CreatePort.security_groups`
 */
export function ensureSecurityGroups(
  cloud: Cloud,
  marker: Marker,
  context: CallContext,
): Promise<readonly string[]> {
  return cloud.locks.run(groupDescription(marker), async () => {
    const existing = await findGroups(cloud, marker, context);
    const groups = existing.length > 0 ? existing : await makeGroup(cloud, marker, context);
    for (const group of groups) await updateRules(cloud, group, context);
    return groups.map(({ id }) => id);
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

/** @returns it, and those that others have made in the same moment */
async function makeGroup(
  cloud: Cloud,
  marker: Marker,
  context: CallContext,
): Promise<readonly SecurityGroup[]> {
  const values = { name: groupName(marker), description: groupDescription(marker) };
  const made = await cloud.client.network.securityGroups.create(values, context);
  const others = (await findGroups(cloud, marker, context)).filter(({ id }) => id !== made.id);
  return [made, ...others];
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
