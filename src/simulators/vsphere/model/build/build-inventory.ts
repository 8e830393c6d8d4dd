import type { ModelOptions } from '../options';
import type { Datacenter, Folder, Id } from '../records';
import type { World } from '../world';
import { buildCluster } from './build-cluster';
import { buildDatastores } from './build-datastores';
import { buildMachines } from './build-machines';
import { buildSwitch } from './build-switch';
import { entityBase } from './entity-base';
import type { Site } from './site';
import { sizesOf } from './sizes';

/** The objects that are there once, with the fixed references that clients expect. */
const MANAGERS = ['TaskManager', 'SearchIndex', 'CustomFieldsManager'];

/** An inventory from nothing: the same options make the same names, addresses and sizes. */
export function buildInventory(world: World, options: ModelOptions): void {
  buildManagers(world);
  const root = buildFolder(world, 'Datacenters', null, ['Folder', 'Datacenter'], 'group-d');
  const sizes = sizesOf(options);
  const sites: Site[] = [];
  for (let at = 0; at < options.datacenters; at++) {
    sites.push(buildSite(world, root, at, options, sizes));
  }
  buildMachines(world, sites, options);
}

export function buildManagers(world: World): void {
  for (const type of MANAGERS)
    world.add({ kind: 'MANAGER', ...entityBase({ $ref: type, value: type }, type, null) });
}

function buildSite(
  world: World,
  root: Folder,
  at: number,
  options: ModelOptions,
  sizes: ReturnType<typeof sizesOf>,
): Site {
  const ref = world.newRef('Datacenter', 'datacenter');
  const folder = (name: string, types: string[], prefix: string) =>
    buildFolder(world, name, ref.value, types, prefix);
  const vmFolder = folder('vm', ['Folder', 'VirtualMachine', 'VirtualApp'], 'group-v');
  const hostFolder = folder('host', ['Folder', 'ComputeResource'], 'group-h');
  const datastoreFolder = folder('datastore', ['Folder', 'Datastore', 'StoragePod'], 'group-s');
  const networkFolder = folder('network', ['Folder', 'Network', 'DistributedVirtualSwitch'], 'group-n');
  const datacenter = world.add<Datacenter>({
    kind: 'DATACENTER',
    ...entityBase(ref, `DC${at}`, root.ref.value),
    vmFolder: vmFolder.ref.value,
    hostFolder: hostFolder.ref.value,
    datastoreFolder: datastoreFolder.ref.value,
    networkFolder: networkFolder.ref.value,
  });
  root.children.push(ref.value);
  const datastores = buildDatastores(world, datastoreFolder, options.datastores, sizes.datastoreBytes);
  const clusters: Id[] = [];
  for (let number = 0; number < options.clusters; number++)
    clusters.push(buildCluster(world, { datacenter, number, datastores }, options, sizes.hostMemoryMib));
  const portGroup = buildSwitch(world, networkFolder, datacenter.name, clusters);
  return { datacenter, clusters, datastores, portGroup };
}

export function buildFolder(
  world: World,
  name: string,
  parent: Id | null,
  childTypes: readonly string[],
  prefix: string,
): Folder {
  const ref = world.newRef('Folder', prefix);
  return world.add<Folder>({ kind: 'FOLDER', ...entityBase(ref, name, parent), childTypes, children: [] });
}
