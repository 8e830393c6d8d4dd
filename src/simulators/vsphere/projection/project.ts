import type { Entity, Manager } from '../model/records';
import type { Projector, World } from '../model/world';
import { array, struct } from '../vim/values';
import type { Properties } from './entity';
import { fieldDefinitions } from './entity';
import { hostNetworkSystemProperties, hostProperties } from './host';
import { leaseProperties } from './lease';
import { machineObjects } from './machine';
import { networkProperties, portGroupProperties, switchProperties } from './network';
import { refs } from './scalars';
import { datastoreProperties } from './storage';
import { taskProperties } from './task';
import { clusterProperties, datacenterProperties, folderProperties, poolProperties } from './tree';
import { moRef } from '../vim/values';

export const project: Projector = (world, entity) =>
  entity.kind === 'MACHINE' ? machineObjects(world, entity) : [[entity.ref, properties(world, entity)]];

type Projections = {
  readonly [Kind in Exclude<Entity['kind'], 'MACHINE'>]: (
    world: World,
    entity: Extract<Entity, { readonly kind: Kind }>,
  ) => Properties;
};

const PROJECTIONS: Projections = {
  FOLDER: folderProperties,
  DATACENTER: datacenterProperties,
  CLUSTER: clusterProperties,
  HOST: hostProperties,
  HOST_NETWORK: hostNetworkSystemProperties,
  POOL: poolProperties,
  DATASTORE: datastoreProperties,
  NETWORK: networkProperties,
  SWITCH: switchProperties,
  PORT_GROUP: portGroupProperties,
  MANAGER: managerProperties,
  TASK: (_world, task) => taskProperties(task),
  LEASE: leaseProperties,
};

function properties(world: World, entity: Exclude<Entity, { readonly kind: 'MACHINE' }>): Properties {
  const projection = PROJECTIONS[entity.kind] as (world: World, entity: Entity) => Properties;
  return projection(world, entity);
}

function managerProperties(world: World, manager: Manager): Properties {
  switch (manager.ref.$ref) {
    case 'TaskManager':
      return {
        recentTask: refs(manager.recentTasks.map((id) => moRef('Task', id))),
        description: struct('TaskDescription', {
          methodInfo: array('ElementDescription', []),
          state: array('ElementDescription', []),
          reason: array('TypeDescription', []),
        }),
        maxCollector: 32,
      };
    case 'CustomFieldsManager':
      return { field: array('CustomFieldDef', fieldDefinitions(world, null)) };
    default:
      return {};
  }
}
