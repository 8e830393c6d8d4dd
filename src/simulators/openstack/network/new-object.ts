import { randomUUID } from 'node:crypto';
import type { NetworkObject } from '../model/records';
import type { World } from '../model/world';

interface Named {
  readonly name?: string | undefined;
  readonly description?: string | null | undefined;
}

/** What every new object of Neutron begins with. */
export function newObject(world: World, projectId: string, { name, description }: Named = {}): NetworkObject {
  const now = world.now();
  return {
    id: randomUUID(),
    projectId,
    name: name ?? '',
    description: description ?? '',
    tags: [],
    createdAt: now,
    updatedAt: now,
    revision: 1,
  };
}

export function touch(world: World, object: NetworkObject): void {
  object.updatedAt = world.now();
  object.revision += 1;
  world.changed();
}
