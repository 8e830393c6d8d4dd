import { prefixesOverlap } from '../contract';
import type { Ipv4Prefix, NetworkMode } from '../contract';
import { metadataElement, readOwnership } from './map-marker';
import type { Ownership } from './map-marker';
import { prefixAround, prefixLengthOfMask } from './subnet';
import type { Subnet } from './subnet';
import { child, childrenOf, element, parseXml, serializeXml, textElement } from './xml';
import type { XmlElement } from './xml';

export interface NetworkPlan {
  readonly ownership: Ownership;
  readonly uuid: string;
  readonly name: string;
  readonly bridge: string;
  readonly mode: Exclude<NetworkMode, 'BRIDGED'>;
  readonly subnet: Subnet;
}

const FORWARD: Readonly<Record<NetworkPlan['mode'], string | null>> = {
  ISOLATED: null,
  NAT: 'nat',
  ROUTED: 'route',
};

export function networkXml(plan: NetworkPlan): string {
  const forward = FORWARD[plan.mode];
  const { gateway, prefix, dhcpStart, dhcpEnd } = plan.subnet;
  return serializeXml(
    element('network', {}, [
      textElement('name', plan.name),
      textElement('uuid', plan.uuid),
      metadataElement(plan.ownership),
      forward === null ? undefined : element('forward', { mode: forward }),
      element('bridge', { name: plan.bridge, stp: 'on', delay: 0 }),
      element('ip', { address: gateway, prefix: prefix.length }, [
        element('dhcp', {}, [element('range', { start: dhcpStart, end: dhcpEnd })]),
      ]),
    ]),
  );
}

export interface NetworkDescription {
  readonly uuid: string;
  readonly name: string;
  readonly ownership: Ownership | null;
  /** How many cards of running domains are on it. */
  readonly connections: number;
  readonly prefixes: readonly Ipv4Prefix[];
}

export function readNetworkDescription(xml: string): NetworkDescription {
  const network = parseXml(xml);
  const uuid = child(network, 'uuid')?.text;
  const name = child(network, 'name')?.text;
  if (network.name !== 'network' || uuid === undefined || name === undefined) {
    throw new Error('The backend sent a description that is not of a network.');
  }
  return {
    uuid,
    name,
    ownership: readOwnership(network),
    connections: Number(network.attributes['connections'] ?? 0),
    prefixes: childrenOf(network, 'ip').flatMap(({ attributes }) => prefixOf(attributes) ?? []),
  };
}

/** Null for IPv6, which no network of ours has. */
function prefixOf({ address, prefix, netmask }: XmlElement['attributes']): Ipv4Prefix | null {
  const length = prefix ?? (netmask === undefined ? 32 : prefixLengthOfMask(netmask));
  return prefixAround(address ?? '', Number(length));
}

export function usesRange(network: NetworkDescription, subnet: Subnet): boolean {
  return network.prefixes.some((prefix) => prefixesOverlap(prefix, subnet.prefix));
}
