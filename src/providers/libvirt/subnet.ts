import { isIPv4 } from 'node:net';
import { invalidArgument } from '../../kernel';

/** An IPv4 prefix with what a network of it needs. Addresses are dotted, `first` and `last` are numbers. */
export interface Subnet {
  readonly prefixLength: number;
  readonly gateway: string;
  readonly dhcpStart: string;
  readonly dhcpEnd: string;
  readonly first: number;
  readonly last: number;
}

/** libvirt refuses a DHCP range of more addresses than this. */
const MAX_DHCP_ADDRESSES = 65_535;

/**
 * The plan of a network: the first address is the gateway, all others but the broadcast are handed out.
 * @throws INVALID_ARGUMENT for what is no prefix, has host bits, or has no room for gateway and guest
 */
export function subnetOf(cidr: string): Subnet {
  const [network, length, ...rest] = cidr.split('/');
  const prefixLength = /^\d{1,2}$/.test(length ?? '') ? Number(length) : Number.NaN;
  if (
    network === undefined ||
    !isIPv4(network) ||
    rest.length > 0 ||
    !(prefixLength >= 0 && prefixLength <= 32)
  ) {
    throw invalidArgument('cidr', 'it is not an IPv4 prefix such as 10.20.0.0/24.');
  }
  const first = numberOf(network);
  const size = 2 ** (32 - prefixLength);
  if (first % size !== 0) throw invalidArgument('cidr', 'it has host bits set.');
  if (prefixLength > 30 || prefixLength < 8) {
    throw invalidArgument('cidr', 'its length has to be from /8 to /30.');
  }
  const last = first + size - 1;
  return {
    prefixLength,
    gateway: dotted(first + 1),
    dhcpStart: dotted(first + 2),
    dhcpEnd: dotted(Math.min(last - 1, first + 1 + MAX_DHCP_ADDRESSES)),
    first,
    last,
  };
}

/** The range of a network around one of its addresses. */
export function rangeAround(address: string, prefixLength: number): { first: number; last: number } {
  const size = 2 ** (32 - prefixLength);
  const first = Math.floor(numberOf(address) / size) * size;
  return { first, last: first + size - 1 };
}

export function overlap(
  a: { readonly first: number; readonly last: number },
  b: { readonly first: number; readonly last: number },
): boolean {
  return a.first <= b.last && b.first <= a.last;
}

/** The length of a mask such as 255.255.255.0. */
export function prefixLengthOfMask(mask: string): number {
  return 32 - Math.log2(2 ** 32 - numberOf(mask));
}

function numberOf(address: string): number {
  return address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}
