import type { Datastore } from '../model/records';
import type { World } from '../model/world';
import type { VimStruct } from '../vim/values';
import { array, long, struct } from '../vim/values';
import { freeBytes } from '../model/free-bytes';
import { entityProperties } from './entity';
import type { Properties } from './entity';
import { hostMount } from './host';
import { refs } from './scalars';

const LARGEST_FILE = 62 * 1024 ** 4;

const CAPABILITY = struct('DatastoreCapability', {
  directoryHierarchySupported: true,
  rawDiskMappingsSupported: true,
  perFileThinProvisioningSupported: true,
  storageIORMSupported: true,
  nativeSnapshotSupported: false,
  topLevelDirectoryCreateSupported: true,
});

export function datastoreProperties(world: World, datastore: Datastore): Properties {
  const url = `ds:///vmfs/volumes/${datastore.uuid}/`;
  const load = world.relations.loadOf(datastore.ref.value);
  const hosts = datastore.hosts.map((id) => hostMount(world.get('HOST', id), url));
  return {
    ...entityProperties(world, datastore),
    info: info(world, datastore, url),
    summary: struct('DatastoreSummary', {
      datastore: datastore.ref,
      name: datastore.name,
      url,
      capacity: long(datastore.capacityBytes),
      freeSpace: long(freeBytes(world, datastore)),
      uncommitted: long(0),
      accessible: true,
      multipleHostAccess: datastore.hosts.length > 1,
      type: 'VMFS',
      maintenanceMode: 'normal',
    }),
    host: array('DatastoreHostMount', hosts),
    vm: refs([...load.machines].map((id) => world.ref(id))),
    capability: CAPABILITY,
  };
}

function info(world: World, datastore: Datastore, url: string): VimStruct {
  return struct('VmfsDatastoreInfo', {
    name: datastore.name,
    url,
    freeSpace: long(freeBytes(world, datastore)),
    maxFileSize: long(LARGEST_FILE),
    maxVirtualDiskCapacity: long(LARGEST_FILE),
    timestamp: new Date(world.startedMs),
    containerId: undefined,
    vmfs: struct('HostVmfsVolume', {
      type: 'VMFS',
      name: datastore.name,
      capacity: long(datastore.capacityBytes),
      blockSizeMb: 1,
      maxBlocks: 63_963_136,
      majorVersion: 6,
      version: '6.82',
      uuid: datastore.uuid,
      vmfsUpgradable: false,
      ssd: true,
      local: false,
    }),
  });
}
