import { ApiError, invalidValue } from '../wire/api-error';
import { parseAddress, parseCidr, writeAddress } from '../model/cidr';
import type { Subnet } from '../model/records';
import type { World } from '../model/world';

/** The first four addresses of a subnet and its last are the cloud's own. */
const RESERVED_FIRST = 4;
const RESERVED = 5;

function usedIn(world: World, subnetId: string): ReadonlySet<string> {
  const cards = world.tables['network-interface'].all().filter((card) => card.subnetId === subnetId);
  return new Set(cards.map(({ privateIp }) => privateIp));
}

export function freeAddresses(world: World, subnet: Subnet): number {
  return (parseCidr(subnet.cidr)?.size ?? RESERVED) - RESERVED - usedIn(world, subnet.id).size;
}

/**
 * The address for a new network interface: the lowest that is free, or the one that is wished for.
 * @throws ApiError InvalidIPAddress.InUse, InvalidParameterValue, InsufficientFreeAddressesInSubnet
 */
export function takeAddress(world: World, subnet: Subnet, wished: string | null): string {
  const cidr = parseCidr(subnet.cidr);
  if (cidr === null) throw new TypeError(`The subnet ${subnet.id} has no block of addresses.`);
  const used = usedIn(world, subnet.id);
  const first = cidr.first + RESERVED_FIRST;
  const last = cidr.first + cidr.size - 2;
  if (wished !== null) {
    const number = parseAddress(wished);
    if (number === null) throw invalidValue('privateIpAddress', wished, 'Invalid IPv4 address');
    if (number < first || number > last) {
      throw invalidValue(
        'privateIpAddress',
        wished,
        'Address does not fall within the usable addresses of the subnet',
      );
    }
    if (used.has(wished)) throw new ApiError('InvalidIPAddress.InUse', `Address ${wished} is in use.`);
    return wished;
  }
  for (let number = first; number <= last; number += 1) {
    const address = writeAddress(number);
    if (!used.has(address)) return address;
  }
  throw new ApiError(
    'InsufficientFreeAddressesInSubnet',
    `There are not enough free addresses in subnet '${subnet.id}' to satisfy the requested number of instances.`,
  );
}

/** One of the block that is set aside for documentation and tests (RFC 2544): it leads nowhere. */
export function publicAddress(world: World): string {
  const used = new Set(world.tables['network-interface'].all().map(({ publicIp }) => publicIp));
  const first = parseAddress('198.18.0.1') ?? 0;
  const size = 2 ** 17 - 2;
  const start = Math.floor(world.random() * size);
  for (let step = 0; step < size; step += 1) {
    const address = writeAddress(first + ((start + step) % size));
    if (!used.has(address)) return address;
  }
  throw new ApiError('AddressLimitExceeded', 'There are no public addresses left.');
}
