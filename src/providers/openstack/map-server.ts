import { sameOwner } from '../contract';
import type { Marker, NicObservation, VmObservation } from '../contract';
import type { Port, Server } from './client';
import { readMarker } from './identity';
import { isGone, powerStateOf, stateOf } from './map-power-state';
import { displayName } from './server-name';

/** A server that is there, ours or not. */
export interface FoundServer {
  readonly server: Server;
  readonly marker: Marker | null;
  /** When it was asked for, in milliseconds since the epoch. */
  readonly observedAt: number;
}

export function found(server: Server, observedAt: number): FoundServer | null {
  return isGone(server) ? null : { server, marker: readMarker(server.metadata), observedAt };
}

export function carries({ marker: own }: FoundServer, marker: Marker): boolean {
  return sameOwner(own, marker);
}

/**
 * What a creation left that failed: it never ran and never will. It is no VM, so no read shows it; deletions and repeated
 * creations remove it.
 */
export function isFailedCreation(server: Server): boolean {
  return stateOf(server).vmState === 'error' && (server['OS-SRV-USG:launched_at'] ?? null) === null;
}

/** Nova is removing it, and lets it be seen until it has. */
export function isBeingDeleted(server: Server): boolean {
  const { task } = stateOf(server);
  return task === 'deleting' || task === 'soft-deleting';
}

/** @param ports of this server alone */
export function observe({ server, marker, observedAt }: FoundServer, ports: readonly Port[]): VmObservation {
  return {
    externalId: server.id,
    marker,
    name: displayName(server, marker),
    powerState: powerStateOf(server),
    cpuCount: server.flavor.vcpus,
    memoryMib: server.flavor.ram,
    diskGib: server.flavor.disk,
    nics: nicsOf(server, ports),
    observedAt,
  };
}

interface Card {
  readonly macAddress: string;
  readonly ipAddresses: readonly string[];
}

/**
 * Neutron tells each card's network, Nova the order of the cards and the floating addresses beside the fixed ones. A port
 * that Nova has not heard of yet comes last.
 */
function nicsOf(server: Server, ports: readonly Port[]): readonly NicObservation[] {
  const cards = cardsOf(server);
  const place = new Map(cards.map(({ macAddress }, index) => [macAddress, index]));
  return ports
    .map((port) => ({ port, macAddress: port.mac_address.toLowerCase() }))
    .toSorted((a, b) => (place.get(a.macAddress) ?? Infinity) - (place.get(b.macAddress) ?? Infinity) || 0)
    .map(({ port, macAddress }) => ({
      networkExternalId: port.network_id,
      macAddress,
      ipAddresses:
        cards.find((card) => card.macAddress === macAddress)?.ipAddresses ??
        port.fixed_ips.map(({ ip_address: address }) => address),
    }));
}

/** By the cards' hardware addresses: the key of Nova's table is a network's name, which two networks may share. */
function cardsOf({ addresses }: Server): readonly Card[] {
  const cards = new Map<string, string[]>();
  for (const { addr, 'OS-EXT-IPS-MAC:mac_addr': mac } of Object.values(addresses).flat()) {
    if (mac === undefined) continue;
    const macAddress = mac.toLowerCase();
    const known = cards.get(macAddress);
    if (known) known.push(addr);
    else cards.set(macAddress, [addr]);
  }
  return [...cards].map(([macAddress, ipAddresses]) => ({ macAddress, ipAddresses }));
}
