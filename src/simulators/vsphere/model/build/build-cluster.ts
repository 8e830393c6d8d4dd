import { DEFAULT_SHARES } from '../allocations';
import type { ModelOptions } from '../options';
import type { Cluster, Datacenter, Host, HostNetworkSystem, Id, Network, Pool } from '../records';
import type { World } from '../world';
import { entityBase } from './entity-base';

interface ClusterPlace {
  readonly datacenter: Datacenter;
  readonly number: number;
  readonly datastores: readonly Id[];
}

const HOUR_MS = 3_600_000;
const CPU_MHZ = 2600;

/** A cluster with its hosts and its root pool. Every host sees every datastore and has a switch with "VM Network". */
export function buildCluster(
  world: World,
  place: ClusterPlace,
  options: ModelOptions,
  memoryMib: number,
): Id {
  const { datacenter, number, datastores } = place;
  const ref = world.newRef('ClusterComputeResource', 'domain-c');
  const pool = buildRootPool(world, ref.value);
  const cluster = world.add<Cluster>({
    kind: 'CLUSTER',
    ...entityBase(ref, `${datacenter.name}_C${number}`, datacenter.hostFolder),
    rootPool: pool,
    hosts: [],
    datastores: [...datastores],
  });
  world.get('FOLDER', datacenter.hostFolder).children.push(ref.value);
  const network = vmNetwork(world, datacenter.networkFolder);
  for (let at = 0; at < options.hosts; at++) {
    const host = buildHost(world, cluster, at, options.hostCpuCores, memoryMib, network.ref.value);
    cluster.hosts.push(host);
    network.hosts.push(host);
    for (const id of datastores) world.get('DATASTORE', id).hosts.push(host);
  }
  return ref.value;
}

function buildRootPool(world: World, owner: Id): Id {
  const ref = world.newRef('ResourcePool', 'resgroup');
  world.add<Pool>({
    kind: 'POOL',
    ...entityBase(ref, 'Resources', owner),
    owner,
    children: [],
    cpu: DEFAULT_SHARES.cpu,
    memory: DEFAULT_SHARES.memory,
    changeNumber: 0,
    modifiedMs: world.now(),
  });
  return ref.value;
}

function vmNetwork(world: World, folderId: Id): Network {
  const folder = world.get('FOLDER', folderId);
  const [known] = folder.children;
  if (known !== undefined) return world.get('NETWORK', known);
  const ref = world.newRef('Network', 'network');
  folder.children.push(ref.value);
  return world.add<Network>({ kind: 'NETWORK', ...entityBase(ref, 'VM Network', folderId), hosts: [] });
}

function buildHost(
  world: World,
  cluster: Cluster,
  at: number,
  cores: number,
  memoryMib: number,
  network: Id,
): Id {
  const ref = world.newRef('HostSystem', 'host');
  const number = ref.value.replace('host-', '');
  const system = world.add<HostNetworkSystem>({
    kind: 'HOST_NETWORK',
    ...entityBase({ $ref: 'HostNetworkSystem', value: `networkSystem-${number}` }, 'networkSystem', null),
    host: ref.value,
  });
  world.add<Host>({
    kind: 'HOST',
    ...entityBase(
      ref,
      `${cluster.name}-h${at}.example.com`.toLowerCase().replace('_', '-'),
      cluster.ref.value,
    ),
    uuid: world.random.uuid(),
    cpuPackages: 1,
    cpuCores: cores,
    cpuThreads: cores * 2,
    cpuMhz: CPU_MHZ,
    memoryMib,
    bootedMs: world.now() - HOUR_MS * (24 + at),
    networkSystem: system.ref.value,
    datastores: [...cluster.datastores],
    switches: ['vSwitch0'],
    portGroups: [{ name: 'VM Network', vlanId: 0, switchName: 'vSwitch0', network }],
  });
  return ref.value;
}
