import type { Datastore, Folder, Id } from '../records';
import type { World } from '../world';
import { entityBase } from './entity-base';

export function buildDatastores(world: World, folder: Folder, count: number, capacityBytes: number): Id[] {
  const ids: Id[] = [];
  for (let at = 0; at < count; at++) {
    const ref = world.newRef('Datastore', 'datastore');
    world.add<Datastore>({
      kind: 'DATASTORE',
      ...entityBase(ref, `datastore${at}`, folder.ref.value),
      uuid: world.random.uuid(),
      capacityBytes,
      leftBytes: 0,
      hosts: [],
    });
    folder.children.push(ref.value);
    ids.push(ref.value);
  }
  return ids;
}
