import { invalidArgument } from '../../kernel';
import { formatIpv4, parseIpv4, parseIpv4Prefix, prefixSize } from '../contract';
import type { Ipv4Prefix } from '../contract';

/** An IPv4 prefix with what a network of it needs. */
export interface Subnet {
  readonly prefix: Ipv4Prefix;
  readonly gateway: string;
  readonly dhcpStart: string;
  readonly dhcpEnd: string;
}

/** libvirt refuses a DHCP range of more addresses than this. */
const MAX_DHCP_ADDRESSES = 65_535;

/**
 * The plan of a network: the first address is the gateway, all others but the broadcast are handed out.
 * @throws INVALID_ARGUMENT for what is no prefix, has host bits, or has no room for gateway and guest
 */
export function subnetOf(cidr: string): Subnet {
  const prefix = parseIpv4Prefix(cidr);
  if (prefix === null) throw invalidArgument('cidr', 'it is not an IPv4 prefix such as 10.20.0.0/24.');
  if (prefix.length > 30 || prefix.length < 8) {
    throw invalidArgument('cidr', 'its length has to be from /8 to /30.');
  }
  const gateway = prefix.base + 1;
  const broadcast = prefix.base + prefixSize(prefix.length) - 1;
  return {
    prefix,
    gateway: formatIpv4(gateway),
    dhcpStart: formatIpv4(gateway + 1),
    dhcpEnd: formatIpv4(Math.min(broadcast - 1, gateway + MAX_DHCP_ADDRESSES)),
  };
}

/** The prefix of a network that has this address; null for what is no IPv4 address. */
export function prefixAround(address: string, length: number): Ipv4Prefix | null {
  const value = parseIpv4(address);
  return value === null ? null : { base: value - (value % prefixSize(length)), length };
}

/** The length of a mask such as 255.255.255.0. */
export function prefixLengthOfMask(mask: string): number {
  return 32 - Math.log2(2 ** 32 - (parseIpv4(mask) ?? 0));
}
