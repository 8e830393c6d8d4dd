import { invalidArgument } from '../model/names';
import type { Datastore, Folder, Host, Id, Pool } from '../model/records';
import type { World } from '../model/world';
import { VimFault } from '../vim/fault';
import type { MoRef } from '../vim/values';

/** The host that was asked for, which has to be of the pool's cluster, or else the one with the least running on it. */
export function hostFor(world: World, pool: Pool, wanted: MoRef | null, property: string): Host {
  const cluster = world.get('CLUSTER', pool.owner);
  if (wanted) {
    const host = world.named('HOST', wanted, property);
    if (!cluster.hosts.includes(host.ref.value)) throw invalidArgument(property);
    return host;
  }
  const hosts = cluster.hosts.map((id) => world.get('HOST', id));
  const load = (host: Host) => world.relations.loadOf(host.ref.value);
  return hosts.reduce((best, host) => {
    const lighter =
      load(host).memoryMib - load(best).memoryMib || load(host).machines.size - load(best).machines.size;
    return lighter < 0 ? host : best;
  });
}

/** Throws InvalidDatastore when the host does not see it. */
export function requireReachable(host: Host, datastore: Datastore): void {
  if (!datastore.hosts.includes(host.ref.value))
    throw new VimFault(
      'InvalidDatastore',
      { datastore: datastore.ref, name: datastore.name },
      `The host cannot reach datastore '${datastore.name}'.`,
    );
}

/** Throws InvalidArgument for a folder that holds no machines. */
export function machineFolder(world: World, ref: MoRef, property: string): Folder {
  const folder = world.named('FOLDER', ref, property);
  if (!folder.childTypes.includes('VirtualMachine')) throw invalidArgument(property);
  return folder;
}

/** Throws InvalidArgument for a pool of another datacenter than the folder's. */
export function requireSameSite(world: World, folder: Folder, pool: Pool, property: string): void {
  if (siteOf(world, folder.ref.value) !== siteOf(world, pool.owner)) throw invalidArgument(property);
}

export function siteOf(world: World, id: Id): Id | null {
  for (let at: Id | null = id; at !== null; at = world.lookUp(at)?.parent ?? null)
    if (world.lookUp(at)?.kind === 'DATACENTER') return at;
  return null;
}

/** `[datastore] name/`, with a number after the name where that folder is taken. */
export function freeDirectory(world: World, datastore: Datastore, name: string): string {
  const taken = new Set<string>();
  for (const id of world.relations.loadOf(datastore.ref.value).machines) {
    const machine = world.lookUp(id);
    if (machine?.kind === 'MACHINE') taken.add(machine.directory);
  }
  for (let number = 0; ; number++) {
    const directory = `[${datastore.name}] ${name}${number === 0 ? '' : `_${number}`}/`;
    if (!taken.has(directory)) return directory;
  }
}

/** `[datastore] …`: the datastore of this name in the same datacenter. Throws InvalidDatastorePath. */
export function datastoreOfPath(world: World, site: Id | null, path: string): Datastore {
  const name = /^\s*\[([^\]]+)\]/.exec(path)?.[1];
  for (const datastore of world.ofKind('DATASTORE'))
    if (datastore.name === name && siteOf(world, datastore.ref.value) === site) return datastore;
  throw new VimFault('InvalidDatastorePath', { datastorePath: path }, `Invalid datastore path '${path}'.`);
}
