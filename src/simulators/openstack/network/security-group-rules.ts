import { z } from 'zod';
import type { Cloud } from '../model/cloud';
import type { SecurityGroupRule } from '../model/records';
import type { World } from '../model/world';
import type { Caller } from '../wire/api-call';
import { describable, owned } from './common-schema';
import { formatAddress, parseAddress, parseCidr } from './ipv4';
import { badRequest, neutronError } from './neutron-error';
import { newObject } from './new-object';
import type { Resource } from './resource';
import { ruleView } from './rule-view';

/** TCP and UDP, by their names and their numbers. */
const WITH_PORTS = new Set(['tcp', 'udp', '6', '17']);

const port = z.coerce.number().int().min(0).max(65_535).nullable().optional();

const createSchema = z.strictObject({
  description: describable.description,
  ...owned,
  security_group_id: z.string(),
  direction: z.enum(['ingress', 'egress']),
  ethertype: z.enum(['IPv4', 'IPv6']).optional(),
  protocol: z
    .union([z.string(), z.int()])
    .nullable()
    .optional()
    .transform((one) => (one == null || one === 'any' ? null : String(one).toLowerCase())),
  port_range_min: port,
  port_range_max: port,
  remote_ip_prefix: z.string().nullable().optional(),
  remote_group_id: z.string().nullable().optional(),
  remote_address_group_id: z.null().optional(),
});

export function securityGroupRuleResource({
  world,
}: Cloud): Resource<SecurityGroupRule, typeof createSchema, z.ZodNever> {
  return {
    path: 'security-group-rules',
    member: 'security_group_rule',
    collection: 'security_group_rules',
    noun: 'Security group rule',
    rows: world.securityGroupRules,
    filters: [
      'security_group_id',
      'direction',
      'ethertype',
      'protocol',
      'remote_ip_prefix',
      'remote_group_id',
    ],
    createSchema,
    updateSchema: null,
    isShared: () => false,
    view: ruleView,
    create: (asked, caller) => create(world, asked, caller),
    update: () => undefined,
    remove: ({ id }) => void world.securityGroupRules.delete(id),
  };
}

function create(
  world: World,
  asked: z.output<typeof createSchema>,
  { projectId }: Caller,
): SecurityGroupRule {
  const groups = [asked.security_group_id, asked.remote_group_id].filter((id) => id != null);
  const missing = groups.find((id) => world.securityGroups.get(id)?.projectId !== projectId);
  if (missing !== undefined) {
    throw neutronError(404, 'SecurityGroupNotFound', `Security group ${missing} does not exist`);
  }
  const rule: SecurityGroupRule = {
    ...newObject(world, projectId, { description: asked.description }),
    revision: 0,
    securityGroupId: asked.security_group_id,
    direction: asked.direction,
    ethertype: asked.ethertype ?? 'IPv4',
    protocol: asked.protocol,
    ...ports(asked),
    remoteIpPrefix: prefixOf(asked.remote_ip_prefix ?? null, asked.ethertype ?? 'IPv4'),
    remoteGroupId: asked.remote_group_id ?? null,
  };
  const twin = [...world.securityGroupRules.values()].find((one) => contentOf(one) === contentOf(rule));
  if (twin) {
    const words = `Security group rule already exists. Rule id is ${twin.id}.`;
    throw neutronError(409, 'SecurityGroupRuleExists', words);
  }
  world.securityGroupRules.set(rule.id, rule);
  return rule;
}

function ports({
  protocol,
  port_range_min: min = null,
  port_range_max: max = null,
}: {
  readonly protocol: string | null;
  readonly port_range_min?: number | null | undefined;
  readonly port_range_max?: number | null | undefined;
}): Pick<SecurityGroupRule, 'portRangeMin' | 'portRangeMax'> {
  const isRange = min !== null || max !== null;
  if (protocol === null && isRange) {
    const words = 'Must also specify protocol if port range is given.';
    throw neutronError(400, 'SecurityGroupProtocolRequiredWithPorts', words);
  }
  const isPort = protocol !== null && WITH_PORTS.has(protocol);
  if (isPort && isRange && !(min !== null && max !== null && min <= max)) throw wrongRange();
  return { portRangeMin: min, portRangeMax: max };
}

function wrongRange(): Error {
  const words = 'For TCP/UDP protocols, port_range_min must be <= port_range_max';
  return neutronError(400, 'SecurityGroupInvalidPortRange', words);
}

/** One address is a block of one. */
function prefixOf(given: string | null, ethertype: 'IPv4' | 'IPv6'): string | null {
  if (given === null || ethertype === 'IPv6') return given;
  if (parseAddress(given) !== null) return `${given}/32`;
  const range = parseCidr(given);
  if (!range) throw badRequest(`Invalid input for remote_ip_prefix. Reason: '${given}' is not a valid IP.`);
  return `${formatAddress(range.first)}/${range.prefix}`;
}

function contentOf(rule: SecurityGroupRule): string {
  const { securityGroupId, direction, ethertype, protocol, portRangeMin, portRangeMax } = rule;
  const { remoteIpPrefix, remoteGroupId } = rule;
  const parts = [securityGroupId, direction, ethertype, protocol, portRangeMin, portRangeMax];
  return JSON.stringify([...parts, remoteIpPrefix, remoteGroupId]);
}
