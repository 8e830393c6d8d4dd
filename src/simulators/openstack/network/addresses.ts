import type { FixedIp, Subnet } from '../model/records';
import type { World } from '../model/world';
import { formatAddress, parseAddress, parseCidr } from './ipv4';
import { neutronError, notFound } from './neutron-error';

/** What a port asks for; a subnet, an address, or both. */
export interface AddressRequest {
  readonly subnetId?: string | undefined;
  readonly ipAddress?: string | undefined;
}

/** Where the next address of a network is looked for first, so that a large network does not fill quadratically. */
const nextByWorld = new WeakMap<World, Map<string, number>>();

/**
 * The addresses of a new port: those that were asked for, otherwise one from the first subnet that has any left; none
 * on a network without subnets.
 * @throws ApiError 400 for an address that is not of the network, 409 for one that is taken or when none is left
 */
export function allocateAddresses(
  world: World,
  networkId: string,
  requests: readonly AddressRequest[] | null,
): FixedIp[] {
  const subnets = subnetsOf(world, networkId);
  const taken = takenIn(world, networkId);
  if (requests !== null) return requests.map((request) => oneOf(world, subnets, taken, networkId, request));
  if (subnets.length === 0) return [];
  const found = firstFree(world, subnets, taken);
  if (!found) throw exhausted(networkId);
  return [found];
}

export function subnetsOf(world: World, networkId: string): readonly Subnet[] {
  return [...world.subnets.values()].filter((subnet) => subnet.networkId === networkId);
}

function takenIn(world: World, networkId: string): ReadonlySet<string> {
  const taken = new Set<string>();
  for (const port of world.ports.values()) {
    if (port.networkId === networkId) for (const { ipAddress } of port.fixedIps) taken.add(ipAddress);
  }
  return taken;
}

function oneOf(
  world: World,
  subnets: readonly Subnet[],
  taken: ReadonlySet<string>,
  networkId: string,
  { subnetId, ipAddress }: AddressRequest,
): FixedIp {
  const named = subnetId === undefined ? subnets : subnets.filter(({ id }) => id === subnetId);
  if (named.length === 0 && subnetId !== undefined) throw notFound('Subnet', subnetId);
  if (ipAddress === undefined) {
    const found = firstFree(world, named, taken);
    if (!found) throw exhausted(networkId);
    return found;
  }
  const subnet = named.find(({ cidr }) => isInside(ipAddress, cidr));
  if (!subnet) {
    const words = `IP address ${ipAddress} is not a valid IP for any of the subnets on the specified network.`;
    throw neutronError(400, 'InvalidIpForNetwork', words);
  }
  if (taken.has(ipAddress)) {
    const words = `IP address ${ipAddress} already allocated in subnet ${subnet.id}`;
    throw neutronError(409, 'IpAddressAlreadyAllocated', words);
  }
  return { subnetId: subnet.id, ipAddress };
}

function firstFree(world: World, subnets: readonly Subnet[], taken: ReadonlySet<string>): FixedIp | null {
  let hints = nextByWorld.get(world);
  if (!hints) nextByWorld.set(world, (hints = new Map<string, number>()));
  for (const subnet of subnets) {
    const hint = hints.get(subnet.id) ?? 0;
    const address = freeFrom(subnet, taken, hint) ?? freeFrom(subnet, taken, 0);
    if (address === null) continue;
    hints.set(subnet.id, address + 1);
    return { subnetId: subnet.id, ipAddress: formatAddress(address) };
  }
  return null;
}

function freeFrom(subnet: Subnet, taken: ReadonlySet<string>, least: number): number | null {
  for (const pool of subnet.allocationPools) {
    const last = parseAddress(pool.end) ?? 0;
    for (let at = Math.max(least, parseAddress(pool.start) ?? 0); at <= last; at += 1) {
      if (!taken.has(formatAddress(at))) return at;
    }
  }
  return null;
}

function exhausted(networkId: string): Error {
  const words = `No more IP addresses available on network ${networkId}.`;
  return neutronError(409, 'IpAddressGenerationFailure', words);
}

export function isInside(address: string, cidr: string): boolean {
  const range = parseCidr(cidr);
  const number = parseAddress(address);
  return range !== null && number !== null && range.first <= number && number <= range.last;
}
