import { freeBytes } from '../model/free-bytes';
import type { Machine } from '../model/machine';
import type { Datastore, Host } from '../model/records';
import type { World } from '../model/world';
import { VimFault } from '../vim/fault';
import { long } from '../vim/values';

const MIB = 1024 ** 2;

/**
 * The host that a machine starts on: its own, or else the freest of the cluster. Memory is not overcommitted, unlike
 * in a vCenter without reservations: a full cluster is worth a test. Throws InsufficientMemoryResourcesFault.
 */
export function requireRoom(world: World, machine: Machine): string {
  const own = world.get('HOST', machine.host);
  const wanted = machine.hardware.memoryMib;
  if (freeMemoryMib(world, own) >= wanted) return own.ref.value;
  const cluster = world.get('CLUSTER', own.parent ?? '');
  const hosts = cluster.hosts.map((id) => world.get('HOST', id));
  const freest = hosts.reduce((best, host) =>
    freeMemoryMib(world, host) > freeMemoryMib(world, best) ? host : best,
  );
  const free = freeMemoryMib(world, freest);
  if (free >= wanted) return freest.ref.value;
  throw new VimFault(
    'InsufficientMemoryResourcesFault',
    { unreserved: long(Math.max(0, free) * MIB), requested: long(wanted * MIB) },
    'The host does not have sufficient memory resources to satisfy the reservation.',
  );
}

function freeMemoryMib(world: World, host: Host): number {
  return host.memoryMib - world.relations.loadOf(host.ref.value).memoryMib;
}

/** Disks take what they can hold, thin ones too. Throws NoDiskSpace. */
export function requireSpace(world: World, datastore: Datastore, bytes: number, file: string): void {
  if (bytes > freeBytes(world, datastore))
    throw new VimFault(
      'NoDiskSpace',
      { file, datastore: datastore.name },
      `Insufficient disk space on datastore '${datastore.name}'.`,
    );
}
