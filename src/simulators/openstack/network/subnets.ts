import { z } from 'zod';
import type { Cloud } from '../model/cloud';
import type { AddressPool, Subnet } from '../model/records';
import type { World } from '../model/world';
import type { Caller } from '../wire/api-call';
import { isInside, subnetsOf } from './addresses';
import { describable, describe, owned } from './common-schema';
import { commonView } from './common-view';
import { formatAddress, overlaps, parseAddress, parseCidr } from './ipv4';
import { badRequest, neutronError, notFound } from './neutron-error';
import { newObject } from './new-object';
import type { Resource } from './resource';

const poolsSchema = z.array(z.strictObject({ start: z.string(), end: z.string() }));
const changeable = {
  ...describable,
  gateway_ip: z.string().nullable().optional(),
  enable_dhcp: z.boolean().optional(),
  dns_nameservers: z.array(z.string()).optional(),
  host_routes: z.array(z.strictObject({ destination: z.string(), nexthop: z.string() })).optional(),
  allocation_pools: poolsSchema.optional(),
};
const createSchema = z.strictObject({
  ...changeable,
  ...owned,
  network_id: z.string(),
  ip_version: z.union([z.literal(4), z.literal(6)]),
  cidr: z.string(),
});
const updateSchema = z.strictObject(changeable);

type Creation = z.output<typeof createSchema>;

export function subnetResource({ world }: Cloud): Resource<Subnet, typeof createSchema, typeof updateSchema> {
  return {
    path: 'subnets',
    member: 'subnet',
    collection: 'subnets',
    noun: 'Subnet',
    rows: world.subnets,
    filters: ['network_id', 'cidr', 'gateway_ip', 'ip_version', 'enable_dhcp'],
    createSchema,
    updateSchema,
    isShared: ({ networkId }) => world.networks.get(networkId)?.shared ?? false,
    view: (subnet) => ({
      ...commonView(subnet),
      network_id: subnet.networkId,
      ip_version: subnet.ipVersion,
      subnetpool_id: null,
      enable_dhcp: subnet.enableDhcp,
      ipv6_ra_mode: null,
      ipv6_address_mode: null,
      gateway_ip: subnet.gatewayIp,
      cidr: subnet.cidr,
      allocation_pools: subnet.allocationPools,
      host_routes: subnet.hostRoutes,
      dns_nameservers: subnet.dnsNameservers,
      service_types: [],
    }),
    create: (asked, caller) => create(world, asked, caller),
    update: (subnet, asked) => {
      describe(subnet, asked);
      if (asked.gateway_ip !== undefined) subnet.gatewayIp = asked.gateway_ip;
      if (asked.enable_dhcp !== undefined) subnet.enableDhcp = asked.enable_dhcp;
      if (asked.dns_nameservers) subnet.dnsNameservers = asked.dns_nameservers;
      if (asked.host_routes) subnet.hostRoutes = asked.host_routes;
      if (asked.allocation_pools) subnet.allocationPools = pools(asked.allocation_pools, subnet.cidr);
    },
    remove: ({ id }) => {
      const isUsed = [...world.ports.values()].some(({ fixedIps }) =>
        fixedIps.some(({ subnetId }) => subnetId === id),
      );
      if (isUsed) {
        const words = `Unable to complete operation on subnet ${id}: One or more ports have an IP allocation from this subnet.`;
        throw neutronError(409, 'SubnetInUse', words);
      }
      world.subnets.delete(id);
    },
  };
}

function create(world: World, asked: Creation, { projectId }: Caller): Subnet {
  const network = world.networks.get(asked.network_id);
  if (network?.projectId !== projectId) throw notFound('Network', asked.network_id);
  if (asked.ip_version === 6) throw badRequest('IPv6 is not supported by this cloud');
  const range = parseCidr(asked.cidr);
  if (!range) throw invalid(`${asked.cidr} is not in a CIDR format.`);
  const others = subnetsOf(world, network.id);
  if (others.some(({ cidr }) => overlapsWith(asked.cidr, cidr))) {
    const words = `Requested subnet with cidr: ${asked.cidr} for network: ${network.id} overlaps with another subnet.`;
    throw invalid(words);
  }
  const cidr = `${formatAddress(range.first)}/${range.prefix}`;
  const gatewayIp = asked.gateway_ip === undefined ? formatAddress(range.first + 1) : asked.gateway_ip;
  const subnet: Subnet = {
    ...newObject(world, projectId, asked),
    revision: 0,
    networkId: network.id,
    ipVersion: 4,
    cidr,
    gatewayIp,
    enableDhcp: asked.enable_dhcp ?? true,
    dnsNameservers: asked.dns_nameservers ?? [],
    hostRoutes: asked.host_routes ?? [],
    allocationPools: asked.allocation_pools
      ? pools(asked.allocation_pools, cidr)
      : defaultPools(cidr, gatewayIp),
  };
  world.subnets.set(subnet.id, subnet);
  return subnet;
}

function invalid(reason: string): Error {
  return neutronError(400, 'InvalidInput', `Invalid input for operation: ${reason}`);
}

function overlapsWith(one: string, other: string): boolean {
  const [first, second] = [parseCidr(one), parseCidr(other)];
  return first !== null && second !== null && overlaps(first, second);
}

function pools(asked: readonly AddressPool[], cidr: string): AddressPool[] {
  for (const { start, end } of asked) {
    if (isInside(start, cidr) && isInside(end, cidr)) continue;
    const words = `The allocation pool ${start}-${end} spans beyond the subnet cidr ${cidr}.`;
    throw neutronError(400, 'OutOfBoundsAllocationPool', words);
  }
  return [...asked];
}

/** All addresses but those of the network, of the gateway and of the broadcast. */
export function defaultPools(cidr: string, gatewayIp: string | null): AddressPool[] {
  const range = parseCidr(cidr);
  if (!range) return [];
  const [first, last] = range.prefix >= 31 ? [range.first, range.last] : [range.first + 1, range.last - 1];
  const gateway = gatewayIp === null ? null : parseAddress(gatewayIp);
  const isWithin = gateway !== null && gateway >= first && gateway <= last;
  const parts = isWithin
    ? [
        [first, gateway - 1],
        [gateway + 1, last],
      ]
    : [[first, last]];
  return parts
    .filter(([start = 0, end = -1]) => start <= end)
    .map(([start = 0, end = 0]) => ({ start: formatAddress(start), end: formatAddress(end) }));
}
