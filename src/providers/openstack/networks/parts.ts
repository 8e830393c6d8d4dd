import { formatIpv4, parseIpv4Prefix } from '../../contract';
import type { CallContext, Marker, NetworkSpec } from '../../contract';
import type { Port, Router } from '../client';
import type { Cloud } from '../cloud';
import { busyError, isStatus } from '../errors';
import { requireExternalNetwork } from './external-network';
import { findRouters } from './find-network';
import { networkName, routerDescription } from './record';

/** As Neutron calls them: of a plain router, of a distributed one, of one that is kept twice. */
const ROUTER_INTERFACES: ReadonlySet<string> = new Set([
  'network:router_interface',
  'network:router_interface_distributed',
  'network:ha_router_replicated_interface',
]);

/** Makes the subnet unless it is there. Two prefixes that overlap are refused on one network: there is never a second. */
export async function ensureSubnet(
  { client }: Cloud,
  { marker, mode, cidr }: NetworkSpec,
  networkId: string,
  context: CallContext,
): Promise<string> {
  const [existing] = await client.network.subnets.list({ network_id: networkId }, context);
  if (existing !== undefined) return existing.id;
  const values = {
    name: networkName(marker),
    network_id: networkId,
    ip_version: 4,
    cidr,
    gateway_ip: mode === 'NAT' ? firstAddress(cidr) : null,
    enable_dhcp: true,
  } as const;
  try {
    return (await client.network.subnets.create(values, context)).id;
  } catch (error) {
    if (!isStatus(error, 400, 409)) throw error;
    // It may have been made by somebody else in this moment.
    const [other] = await client.network.subnets.list({ network_id: networkId }, context);
    if (other === undefined) throw error;
    return other.id;
  }
}

/**
 * Makes the router to the external network, and its interface, unless they are there. Of two who make one at once, the one
 * whose router gets the gateway's address on the network has made it.
 */
export async function ensureRouter(
  cloud: Cloud,
  spec: NetworkSpec,
  { networkId, subnetId }: { readonly networkId: string; readonly subnetId: string },
  context: CallContext,
): Promise<void> {
  const { marker } = spec;
  if ((await findConnected(cloud, marker, networkId, context)) === null) {
    const [existing] = await findRouters(cloud, marker, context);
    const router = existing ?? (await makeRouter(cloud, spec, context));
    try {
      await cloud.client.network.addRouterInterface(router.id, subnetId, context);
    } catch (error) {
      if (!isStatus(error, 400, 404, 409)) throw error;
      if (existing === undefined) await removeUnusedRouter(cloud, router, context);
      if ((await findConnected(cloud, marker, networkId, context)) === null) throw error;
    }
  }
  if (!(await removeSurplusRouters(cloud, marker, networkId, context))) throw busyError();
}

async function makeRouter(cloud: Cloud, { marker }: NetworkSpec, context: CallContext): Promise<Router> {
  const external = await requireExternalNetwork(cloud, context);
  const values = {
    name: networkName(marker),
    description: routerDescription(marker),
    external_gateway_info: { network_id: external.id },
  };
  return cloud.client.network.routers.create(values, context);
}

/** Our router that has an interface on the network. */
async function findConnected(
  cloud: Cloud,
  marker: Marker,
  networkId: string,
  context: CallContext,
): Promise<Router | null> {
  const ports = await cloud.client.network.ports.list({ network_id: networkId }, context);
  const connected = new Set(ports.filter(isRouterInterface).map(({ device_id }) => device_id));
  if (connected.size === 0) return null;
  return (await findRouters(cloud, marker, context)).find(({ id }) => connected.has(id)) ?? null;
}

/**
 * Removes the routers that were made at the same time as the network's, and came too late. One that is in use is that of
 * a network which is about to yield.
 * @returns false, with nothing removed, where the network has no router
 */
export async function removeSurplusRouters(
  cloud: Cloud,
  marker: Marker,
  networkId: string,
  context: CallContext,
): Promise<boolean> {
  const connected = await findConnected(cloud, marker, networkId, context);
  if (connected === null) return false;
  for (const router of await findRouters(cloud, marker, context))
    if (router.id !== connected.id) await removeUnusedRouter(cloud, router, context);
  return true;
}

async function removeUnusedRouter({ client }: Cloud, { id }: Router, context: CallContext): Promise<void> {
  try {
    await client.network.routers.delete(id, context);
  } catch (error) {
    if (!isStatus(error, 409)) throw error;
  }
}

/** Removes routers of ours with their interfaces. */
export async function removeRouters(
  cloud: Cloud,
  routers: readonly Router[],
  context: CallContext,
): Promise<void> {
  for (const router of routers) {
    await removeInterfaces(cloud, router, {}, context);
    await cloud.client.network.routers.delete(router.id, context);
  }
}

/** Takes the router off the network, or off all where none is named. */
export async function removeInterfaces(
  cloud: Cloud,
  router: Router,
  network: { readonly network_id?: string },
  context: CallContext,
): Promise<void> {
  const ports = await cloud.client.network.ports.list({ device_id: router.id, ...network }, context);
  const subnets = ports
    .filter(isRouterInterface)
    .flatMap(({ fixed_ips }) => fixed_ips.map((ip) => ip.subnet_id));
  for (const subnetId of new Set(subnets)) await removeInterface(cloud, router, subnetId, context);
}

async function removeInterface(
  { client }: Cloud,
  router: Router,
  subnetId: string,
  context: CallContext,
): Promise<void> {
  try {
    await client.network.removeRouterInterface(router.id, subnetId, context);
  } catch (error) {
    // Somebody else has removed it meanwhile.
    if (!isStatus(error, 404)) throw error;
  }
}

function isRouterInterface({ device_owner }: Port): boolean {
  return ROUTER_INTERFACES.has(device_owner ?? '');
}

/** The contract's gateway. */
function firstAddress(cidr: string): string {
  const prefix = parseIpv4Prefix(cidr);
  // The guard has checked it.
  if (prefix === null) throw new TypeError(`${cidr} is no prefix.`);
  return formatIpv4(prefix.base + 1);
}
