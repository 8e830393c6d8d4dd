import { isIPv4 } from 'node:net';
import type { NetworkMode } from '../contract';
import { metadataElement, readOwnership } from './map-marker';
import type { Ownership } from './map-marker';
import { overlap, prefixLengthOfMask, rangeAround } from './subnet';
import type { Subnet } from './subnet';
import { child, childrenOf, element, parseXml, serializeXml, textElement } from './xml';

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
  const { gateway, prefixLength, dhcpStart, dhcpEnd } = plan.subnet;
  return serializeXml(
    element('network', {}, [
      textElement('name', plan.name),
      textElement('uuid', plan.uuid),
      metadataElement(plan.ownership),
      forward === null ? undefined : element('forward', { mode: forward }),
      element('bridge', { name: plan.bridge, stp: 'on', delay: 0 }),
      element('ip', { address: gateway, prefix: prefixLength }, [
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
  readonly ranges: readonly { readonly first: number; readonly last: number }[];
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
    ranges: childrenOf(network, 'ip').flatMap(({ attributes }) => {
      const { address, prefix, netmask } = attributes;
      if (address === undefined || !isIPv4(address)) return [];
      const length = prefix ?? (netmask === undefined ? 32 : prefixLengthOfMask(netmask));
      return [rangeAround(address, Number(length))];
    }),
  };
}

export function usesRange(network: NetworkDescription, subnet: Subnet): boolean {
  return network.ranges.some((range) => overlap(range, subnet));
}
