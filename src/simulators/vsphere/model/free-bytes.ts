import type { Datastore } from './records';
import type { World } from './world';

export function freeBytes(world: World, datastore: Datastore): number {
  const { bytes } = world.relations.loadOf(datastore.ref.value);
  return datastore.capacityBytes - datastore.leftBytes - bytes;
}
