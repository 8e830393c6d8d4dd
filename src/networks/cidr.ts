import ipaddr from 'ipaddr.js';
import { invalidArgument } from '../kernel';
import { parseIpv4Prefix, prefixesOverlap } from '../providers/contract';

/** Room for the gateway and at least one host. */
const LONGEST_PREFIX = 29;
const SHORTEST_PREFIX = 8;
/** Without leading zeros, which some readers take for octal. */
const PREFIX = /^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}\/(0|[1-9]\d?)$/;
/** Ranges of IANA's special-purpose registry (RFC 6890) that no guest can use. */
const UNUSABLE: ReadonlySet<string> = new Set([
  'unspecified',
  'loopback',
  'linkLocal',
  'multicast',
  'broadcast',
]);

/**
 * An IPv4 prefix in its plain form, for example `10.20.0.0/24`.
 * @throws INVALID_ARGUMENT for anything else, for host bits, and for lengths outside 8 to 29
 */
export function requireCidr(field: string, value: string): string {
  if (!PREFIX.test(value) || !ipaddr.IPv4.isValidCIDR(value)) {
    throw invalidArgument(field, 'must be an IPv4 prefix such as 10.20.0.0/24.');
  }
  const [address, length] = ipaddr.IPv4.parseCIDR(value);
  if (length < SHORTEST_PREFIX || length > LONGEST_PREFIX) {
    throw invalidArgument(
      field,
      `the length must be from ${String(SHORTEST_PREFIX)} to ${String(LONGEST_PREFIX)}.`,
    );
  }
  const network = ipaddr.IPv4.networkAddressFromCIDR(value).toString();
  if (network !== address.toString()) {
    throw invalidArgument(field, `has host bits set; the network is ${network}/${String(length)}.`);
  }
  if (UNUSABLE.has(address.range())) throw invalidArgument(field, 'lies in a range that guests cannot use.');
  return `${network}/${String(length)}`;
}

/** Whether two prefixes, both checked before, share an address. */
export function overlaps(a: string, b: string): boolean {
  const [one, other] = [parseIpv4Prefix(a), parseIpv4Prefix(b)];
  return one !== null && other !== null && prefixesOverlap(one, other);
}
