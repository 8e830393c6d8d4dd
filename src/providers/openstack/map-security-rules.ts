import type { CreateSecurityGroupRule, SecurityGroupRule } from './client';
import type { OpenStackConfig } from './config';

type Ingress = OpenStackConfig['ingress'][number];

/** Tells our rules from those that an administrator has added, which stay. */
export const RULE_DESCRIPTION = 'hypergate';

/** What comes in: the traffic of the group's own members, and what the configuration lets in. */
export function wantedRules(
  groupId: string,
  ingress: readonly Ingress[],
): readonly CreateSecurityGroupRule[] {
  const inward = { security_group_id: groupId, direction: 'ingress' } as const;
  return [
    { ...inward, ethertype: 'IPv4', remote_group_id: groupId },
    { ...inward, ethertype: 'IPv6', remote_group_id: groupId },
    ...ingress.map((rule) => ({ ...inward, ...fromOutside(rule) })),
  ];
}

function fromOutside({ protocol, fromPort, toPort, cidr }: Ingress) {
  const v6 = cidr.includes(':');
  return {
    ethertype: v6 ? 'IPv6' : 'IPv4',
    protocol: v6 && protocol === 'icmp' ? 'ipv6-icmp' : protocol,
    remote_ip_prefix: cidr,
    ...(fromPort === undefined || toPort === undefined
      ? {}
      : { port_range_min: fromPort, port_range_max: toPort }),
  } as const;
}

export function missingRules(
  wanted: readonly CreateSecurityGroupRule[],
  present: readonly SecurityGroupRule[],
): readonly CreateSecurityGroupRule[] {
  return wanted.filter((rule) => !present.some((other) => isSame(rule, other)));
}

/** Rules of ours that the configuration does not name any more, or that two gateways have added in the same moment. */
export function surplusRules(
  wanted: readonly CreateSecurityGroupRule[],
  present: readonly SecurityGroupRule[],
): readonly SecurityGroupRule[] {
  const ours = present
    .filter(({ description, direction }) => description === RULE_DESCRIPTION && direction === 'ingress')
    // Whoever removes a duplicate as well removes the same one.
    .sort((one, other) => (one.id < other.id ? -1 : 1));
  return ours.filter((rule) => {
    const same = wanted.find((other) => isSame(other, rule));
    return same === undefined || ours.find((other) => isSame(same, other)) !== rule;
  });
}

const COMPARED = [
  'direction',
  'ethertype',
  'protocol',
  'port_range_min',
  'port_range_max',
  'remote_ip_prefix',
  'remote_group_id',
] as const satisfies readonly (keyof CreateSecurityGroupRule & keyof SecurityGroupRule)[];

/** What is left out of a request comes back as null. */
function isSame(wanted: CreateSecurityGroupRule, present: SecurityGroupRule): boolean {
  return COMPARED.every((key) => (wanted[key] ?? null) === (present[key] ?? null));
}
