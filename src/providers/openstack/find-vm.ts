import { notFound } from '../../kernel';
import type { CallContext, Marker, VmObservation, VmRef } from '../contract';
import type { Port } from './client';
import type { Cloud } from './cloud';
import { ownerTag } from './identity';
import { carries, found, isFailedCreation, observe } from './map-server';
import type { FoundServer } from './map-server';

/** A URL holds about eight thousand characters, and each id takes fifty of them. */
const SERVERS_PER_QUERY = 100;

/** Null for what is gone. */
export async function readServer(
  { client }: Cloud,
  id: string,
  { signal }: CallContext,
): Promise<FoundServer | null> {
  const observedAt = Date.now();
  const server = await client.compute.servers.get(id, { signal });
  return server && found(server, observedAt);
}

/**
 * All that carries the marker, the oldest first: two gateways that made the same VM in the same moment agree upon which
 * of them stays.
 */
export async function findByMarker(
  { client }: Cloud,
  marker: Marker,
  { signal }: CallContext,
): Promise<readonly FoundServer[]> {
  const observedAt = Date.now();
  const servers = await client.compute.servers.list({ tags: [ownerTag(marker)] }, { signal });
  return servers
    .flatMap((server) => found(server, observedAt) ?? [])
    .filter((each) => carries(each, marker))
    .toSorted(({ server: a }, { server: b }) => compare(a.created, b.created) || compare(a.id, b.id));
}

/** What reads show of it; null when there is nothing, or nothing but what a failed creation left. */
export async function locate(
  cloud: Cloud,
  marker: Marker,
  context: CallContext,
): Promise<FoundServer | null> {
  const servers = await findByMarker(cloud, marker, context);
  return servers.find(({ server }) => !isFailedCreation(server)) ?? null;
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** What reads show: it carries the marker, and is more than what a failed creation left. */
export async function findOwn(
  cloud: Cloud,
  { externalId, marker }: VmRef,
  context: CallContext,
): Promise<FoundServer | null> {
  const vm = await readServer(cloud, externalId, context);
  return vm !== null && carries(vm, marker) && !isFailedCreation(vm.server) ? vm : null;
}

/** @throws NOT_FOUND, the same for what is not there and for what is somebody else's */
export async function requireOwn(cloud: Cloud, ref: VmRef, context: CallContext): Promise<FoundServer> {
  const vm = await findOwn(cloud, ref, context);
  if (vm === null) throw notFound('VM', ref.marker.objectId);
  return vm;
}

export async function observed(cloud: Cloud, vm: FoundServer, context: CallContext): Promise<VmObservation> {
  const ports = await portsOf(cloud, [vm], context);
  return observe(vm, ports.get(vm.server.id) ?? []);
}

export async function observedAll(
  cloud: Cloud,
  vms: readonly FoundServer[],
  context: CallContext,
): Promise<readonly VmObservation[]> {
  const ports = await portsOf(cloud, vms, context);
  return vms.map((vm) => observe(vm, ports.get(vm.server.id) ?? []));
}

async function portsOf(
  { client }: Cloud,
  vms: readonly FoundServer[],
  { signal }: CallContext,
): Promise<ReadonlyMap<string, readonly Port[]>> {
  const ports = new Map<string, Port[]>();
  for (let begin = 0; begin < vms.length; begin += SERVERS_PER_QUERY) {
    const ids = vms.slice(begin, begin + SERVERS_PER_QUERY).map(({ server }) => server.id);
    for (const port of await client.network.ports.list({ device_id: ids }, { signal })) {
      const device = port.device_id ?? '';
      ports.set(device, [...(ports.get(device) ?? []), port]);
    }
  }
  return ports;
}
