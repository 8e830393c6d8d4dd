import { ApiError, invalidValue, missingParameter } from '../wire/api-error';
import type { Parameters } from '../wire/parameters';
import type { XmlObject } from '../wire/xml';
import { readCidr, writeCidr } from '../model/cidr';
import { find } from '../model/ids';
import type { RulePeer, SecurityRule } from '../model/records';
import type { World } from '../model/world';

/** A rule that has no id yet, or is only compared. */
export type RuleFacts = Omit<SecurityRule, 'id'>;

const PROTOCOLS: Readonly<Record<string, string>> = { '6': 'tcp', '17': 'udp', '1': 'icmp', '58': 'icmpv6' };
const NAMED = ['-1', 'tcp', 'udp', 'icmp', 'icmpv6'];

/** `IpPermissions.N`, or the same in the flat parameters that stand for one of them. */
export function readPermissions(
  world: World,
  parameters: Parameters,
  isEgress: boolean,
): readonly RuleFacts[] {
  const permissions = parameters.structs('IpPermissions');
  if (permissions.length > 0) return permissions.flatMap((one) => readPermission(world, one, isEgress));
  if (!parameters.has('IpProtocol')) throw missingParameter('IpPermissions');
  const facts = readPorts(parameters, isEgress);
  return [{ ...facts, peer: ipv4(parameters.required('CidrIp'), parameters), description: null }];
}

function readPermission(world: World, permission: Parameters, isEgress: boolean): readonly RuleFacts[] {
  const facts = readPorts(permission, isEgress);
  const rule = (peer: RulePeer, at: Parameters): RuleFacts => ({
    ...facts,
    peer,
    description: at.text('Description'),
  });
  const rules = [
    ...permission.structs('IpRanges').map((at) => rule(ipv4(at.required('CidrIp'), at), at)),
    ...permission.structs('Ipv6Ranges').map((at) => rule(ipv6(at.required('CidrIpv6')), at)),
    ...permission.structs('PrefixListIds').map((at) => {
      return rule({ kind: 'prefixListId', value: at.required('PrefixListId') }, at);
    }),
    ...permission.structs('Groups').map((at) => {
      const { id } = find(world, 'security-group', at.required('GroupId'));
      return rule({ kind: 'groupId', value: id }, at);
    }),
  ];
  if (rules.length === 0) throw missingParameter(permission.fullName('IpRanges'));
  return rules;
}

function readPorts(
  parameters: Parameters,
  isEgress: boolean,
): Pick<SecurityRule, 'isEgress' | 'protocol' | 'fromPort' | 'toPort'> {
  const protocol = readProtocol(parameters.required('IpProtocol').toLowerCase());
  const most = protocol.startsWith('icmp') ? 255 : 65_535;
  const fromPort = parameters.integer('FromPort', -1, most);
  const toPort = parameters.integer('ToPort', -1, most);
  if (protocol === '-1' || !NAMED.includes(protocol))
    return { isEgress, protocol, fromPort: null, toPort: null };
  if (fromPort === null || toPort === null) {
    throw new ApiError(
      'InvalidParameterValue',
      `Invalid value 'Must specify both from and to ports with ${protocol.toUpperCase()}.' for portRange.`,
    );
  }
  if (!protocol.startsWith('icmp') && (fromPort > toPort || fromPort < 0)) {
    throw invalidValue('portRange', `${fromPort}-${toPort}`, 'The ports are not a range');
  }
  return { isEgress, protocol, fromPort, toPort };
}

function readProtocol(given: string): string {
  const protocol = PROTOCOLS[given] ?? given;
  const isNumber = /^\d{1,3}$/.test(protocol) && Number(protocol) < 256;
  if (NAMED.includes(protocol) || isNumber) return protocol;
  throw new ApiError('InvalidPermission.Malformed', `Unsupported IP protocol "${given}"`);
}

function ipv4(text: string, at: Parameters): RulePeer {
  return { kind: 'cidrIpv4', value: writeCidr(readCidr(at.fullName('CidrIp'), text)) };
}

function ipv6(text: string): RulePeer {
  if (!/^[0-9a-f:]*:[0-9a-f:]*\/(\d|[1-9]\d|1[01]\d|12[0-8])$/i.test(text)) {
    throw invalidValue('CidrIpv6', text, 'This is not a valid IPv6 CIDR block');
  }
  return { kind: 'cidrIpv6', value: text.toLowerCase() };
}

/** Two rules are the same whatever their descriptions. */
export function sameRule(one: RuleFacts, other: RuleFacts): boolean {
  return (
    keyOf(one) === keyOf(other) && one.peer.kind === other.peer.kind && one.peer.value === other.peer.value
  );
}

function keyOf({ isEgress, protocol, fromPort, toPort }: RuleFacts): string {
  return [isEgress, protocol, fromPort, toPort].join(' ');
}

/** Rules of the same protocol and ports are one permission. */
export function permissionViews(rules: readonly SecurityRule[], ownerId: string): readonly XmlObject[] {
  const byPorts = new Map<string, SecurityRule[]>();
  for (const rule of rules) byPorts.set(keyOf(rule), [...(byPorts.get(keyOf(rule)) ?? []), rule]);
  return [...byPorts.values()].map((together) => {
    const of = (kind: RulePeer['kind'], name: string, more: XmlObject = {}): readonly XmlObject[] =>
      together
        .filter(({ peer }) => peer.kind === kind)
        .map(({ peer, description }) => ({ ...more, [name]: peer.value, description }));
    return {
      ipProtocol: together[0]?.protocol,
      fromPort: together[0]?.fromPort,
      toPort: together[0]?.toPort,
      groups: of('groupId', 'groupId', { userId: ownerId }),
      ipRanges: of('cidrIpv4', 'cidrIp'),
      ipv6Ranges: of('cidrIpv6', 'cidrIpv6'),
      prefixListIds: of('prefixListId', 'prefixListId'),
    };
  });
}
