import type { CallContext, Marker } from '../contract';
import type { FloatingIp, Port } from './client';
import type { Cloud } from './cloud';
import { busyError, isStatus } from './errors';
import { describedAs } from './networks/find-network';
import { requireExternalNetwork } from './networks/external-network';
import { addressDescription, readRecord } from './networks/record';

/**
 * Gives the VM an address of the external network, on its first card that is on a NAT network of ours; nothing happens to
 * a VM that has one, or has no such card. Neutron makes the address and leads it to the card in one request.
 * @param networkIds the networks of the VM's cards, in the order of the cards
 */
export async function ensureFloatingIp(
  cloud: Cloud,
  { marker, serverId, networkIds }: { marker: Marker; serverId: string; networkIds: readonly string[] },
  context: CallContext,
): Promise<void> {
  if (!cloud.config.floatingIps) return;
  const port = await findPort(cloud, serverId, networkIds, context);
  if (port === null) return;
  const [present, ...others] = await findAddresses(cloud, marker, context);
  if (present?.port_id === port.id) return removeAll(cloud, others, context);
  // It leads to a VM that is gone: a creation that failed has left it.
  if (present !== undefined) await removeAll(cloud, [present, ...others], context);
  await makeAddress(cloud, marker, port, context);
}

async function makeAddress(cloud: Cloud, marker: Marker, port: Port, context: CallContext): Promise<void> {
  const external = await requireExternalNetwork(cloud, context);
  const description = addressDescription(marker);
  const values = { description, floating_network_id: external.id, port_id: port.id };
  try {
    await cloud.client.network.floatingIps.create(values, context);
  } catch (error) {
    // Neutron leads one address of a network to a card: somebody else has just made it.
    if (!isStatus(error, 409) || (await findAddresses(cloud, marker, context)).length === 0) throw error;
  }
}

/** Gives back what the VM has got. */
export async function releaseFloatingIps(cloud: Cloud, marker: Marker, context: CallContext): Promise<void> {
  await removeAll(cloud, await findAddresses(cloud, marker, context), context);
}

/** The card, as soon as Nova has made it; null where no card is to have an address. @throws UNAVAILABLE until then */
async function findPort(
  cloud: Cloud,
  serverId: string,
  networkIds: readonly string[],
  context: CallContext,
): Promise<Port | null> {
  const networkId = await firstNat(cloud, networkIds, context);
  if (networkId === null) return null;
  const filter = { device_id: serverId, network_id: networkId };
  const [port] = await cloud.client.network.ports.list(filter, context);
  if (port === undefined) throw busyError();
  return port;
}

async function firstNat(
  { client }: Cloud,
  networkIds: readonly string[],
  context: CallContext,
): Promise<string | null> {
  for (const id of networkIds) {
    const network = await client.network.networks.get(id, context);
    if (readRecord(network?.description)?.mode === 'NAT') return id;
  }
  return null;
}

/** The oldest first. */
async function findAddresses(
  { client }: Cloud,
  marker: Marker,
  context: CallContext,
): Promise<readonly FloatingIp[]> {
  const description = addressDescription(marker);
  return describedAs(description, await client.network.floatingIps.list({ description }, context));
}

async function removeAll(
  { client }: Cloud,
  addresses: readonly FloatingIp[],
  context: CallContext,
): Promise<void> {
  for (const { id } of addresses) await client.network.floatingIps.delete(id, context);
}
