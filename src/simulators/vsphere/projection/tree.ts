import type { Allocation, Cluster, Datacenter, Folder, Pool } from '../model/records';
import type { World } from '../model/world';
import type { VimStruct, VimValue } from '../vim/values';
import { array, long, struct } from '../vim/values';
import { entityProperties } from './entity';
import type { Properties } from './entity';
import { GREEN, enumOf, refs, short, strings } from './scalars';

const MIB = 1024 ** 2;

export function folderProperties(world: World, folder: Folder): Properties {
  return {
    ...entityProperties(world, folder),
    childType: strings(folder.childTypes),
    childEntity: refs(folder.children.map((id) => world.ref(id))),
  };
}

export function datacenterProperties(world: World, datacenter: Datacenter): Properties {
  const childrenOf = (id: string) => world.get('FOLDER', id).children.map((child) => world.ref(child));
  return {
    ...entityProperties(world, datacenter),
    vmFolder: world.ref(datacenter.vmFolder),
    hostFolder: world.ref(datacenter.hostFolder),
    datastoreFolder: world.ref(datacenter.datastoreFolder),
    networkFolder: world.ref(datacenter.networkFolder),
    datastore: refs(childrenOf(datacenter.datastoreFolder).filter((ref) => ref.$ref === 'Datastore')),
    network: refs(
      childrenOf(datacenter.networkFolder).filter((ref) =>
        /^(Network|Distributed.*Portgroup)$/.test(ref.$ref),
      ),
    ),
    configuration: struct('DatacenterConfigInfo', { defaultHardwareVersionKey: undefined }),
  };
}

export function clusterProperties(world: World, cluster: Cluster): Properties {
  const networks = [...world.ofKind('NETWORK')].filter((one) =>
    one.hosts.some((id) => cluster.hosts.includes(id)),
  );
  const switches = [...world.ofKind('SWITCH')].filter((one) =>
    one.hosts.some((id) => cluster.hosts.includes(id)),
  );
  const portGroups = switches.flatMap((one) => one.portGroups);
  return {
    ...entityProperties(world, cluster),
    resourcePool: world.ref(cluster.rootPool),
    host: refs(cluster.hosts.map((id) => world.ref(id))),
    datastore: refs(cluster.datastores.map((id) => world.ref(id))),
    network: refs([...networks.map((one) => one.ref), ...portGroups.map((id) => world.ref(id))]),
    summary: clusterSummary(world, cluster),
    configuration: struct('ClusterConfigInfo', { dasConfig: DAS, drsConfig: DRS }),
    configurationEx: struct('ClusterConfigInfoEx', {
      vmSwapPlacement: 'vmDirectory',
      dasConfig: DAS,
      drsConfig: DRS,
    }),
  };
}

const DAS = struct('ClusterDasConfigInfo', { enabled: false, admissionControlEnabled: false });
const DRS = struct('ClusterDrsConfigInfo', {
  enabled: true,
  enableVmBehaviorOverrides: true,
  defaultVmBehavior: enumOf('DrsBehavior', 'fullyAutomated'),
  vmotionRate: 3,
});

function clusterSummary(world: World, cluster: Cluster): VimStruct {
  const { cpuMhz, cpuCores, cpuThreads, memoryMib } = clusterCapacity(world, cluster);
  return struct('ClusterComputeResourceSummary', {
    totalCpu: cpuMhz,
    totalMemory: long(memoryMib * MIB),
    numCpuCores: short(cpuCores),
    numCpuThreads: short(cpuThreads),
    effectiveCpu: cpuMhz,
    effectiveMemory: long(memoryMib),
    numHosts: cluster.hosts.length,
    numEffectiveHosts: cluster.hosts.length,
    overallStatus: GREEN,
    currentFailoverLevel: 0,
    numVmotions: 0,
  });
}

export function clusterCapacity(world: World, cluster: Cluster) {
  const capacity = { cpuMhz: 0, cpuCores: 0, cpuThreads: 0, memoryMib: 0 };
  for (const id of cluster.hosts) {
    const host = world.get('HOST', id);
    capacity.cpuMhz += host.cpuMhz * host.cpuCores;
    capacity.cpuCores += host.cpuCores;
    capacity.cpuThreads += host.cpuThreads;
    capacity.memoryMib += host.memoryMib;
  }
  return capacity;
}

export function poolProperties(world: World, pool: Pool): Properties {
  const config = poolConfig(pool);
  const runtime = poolRuntime(world, pool);
  const load = world.relations.loadOf(pool.ref.value);
  return {
    ...entityProperties(world, pool),
    summary: struct('ResourcePoolSummary', {
      name: pool.name,
      config,
      runtime,
      configuredMemoryMB: load.memoryMib,
    }),
    runtime,
    owner: world.ref(pool.owner),
    resourcePool: refs(pool.children.map((id) => world.ref(id))),
    vm: refs([...load.machines].map((id) => world.ref(id))),
    config,
    childConfiguration: array(
      'ResourceConfigSpec',
      pool.children.map((id) => poolConfig(world.get('POOL', id))),
    ),
  };
}

function poolConfig(pool: Pool): VimStruct {
  return struct('ResourceConfigSpec', {
    entity: pool.ref,
    changeVersion: String(pool.changeNumber),
    lastModified: new Date(pool.modifiedMs),
    cpuAllocation: allocation(pool.cpu),
    memoryAllocation: allocation(pool.memory),
  });
}

export function allocation({ reservation, expandable, limit, shares, level }: Allocation): VimStruct {
  return struct('ResourceAllocationInfo', {
    reservation: long(reservation),
    expandableReservation: expandable,
    limit: long(limit),
    shares: struct('SharesInfo', { shares, level: enumOf('SharesLevel', level) }),
  });
}

function poolRuntime(world: World, pool: Pool): VimStruct {
  const capacity = clusterCapacity(world, world.get('CLUSTER', pool.owner));
  const load = world.relations.loadOf(pool.ref.value);
  const usage = (used: number, most: number, { reservation, limit }: Allocation): VimValue => {
    const maximum = limit < 0 ? most : Math.min(limit, most);
    return struct('ResourcePoolResourceUsage', {
      reservationUsed: long(0),
      reservationUsedForVm: long(0),
      unreservedForPool: long(Math.max(reservation, maximum)),
      unreservedForVm: long(Math.max(reservation, maximum)),
      overallUsage: long(used),
      maxUsage: long(maximum),
    });
  };
  return struct('ResourcePoolRuntimeInfo', {
    memory: usage(load.memoryMib * MIB, capacity.memoryMib * MIB, {
      ...pool.memory,
      reservation: pool.memory.reservation * MIB,
      limit: pool.memory.limit < 0 ? -1 : pool.memory.limit * MIB,
    }),
    cpu: usage(load.cpuCount * 100, capacity.cpuMhz, pool.cpu),
    overallStatus: GREEN,
  });
}
