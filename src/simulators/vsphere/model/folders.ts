import type { Machine } from './machine';
import { duplicateName } from './names';
import type { Entity, Folder, Id } from './records';
import type { World } from './world';

/** Throws DuplicateName, naming the one that has it. */
export function requireFreeName(world: World, siblings: readonly Id[], name: string, except?: Entity): void {
  for (const id of siblings) {
    const sibling = world.lookUp(id);
    if (sibling?.name === name && sibling !== except) throw duplicateName(name, sibling.ref);
  }
}

export function putInto(world: World, folder: Folder, entity: Entity): void {
  entity.parent = folder.ref.value;
  folder.children = [...folder.children, entity.ref.value];
  world.touch(folder, entity);
}

export function takeOut(world: World, entity: Entity): void {
  const parent = entity.parent === null ? null : world.lookUp(entity.parent);
  if (parent?.kind === 'FOLDER') {
    parent.children = parent.children.filter((id) => id !== entity.ref.value);
    world.touch(parent);
  }
}

/** Those that must not have the same name. */
export function siblingsOf(world: World, entity: Entity): readonly Id[] {
  const parent = entity.parent === null ? null : world.lookUp(entity.parent);
  return parent?.kind === 'FOLDER' || parent?.kind === 'POOL' ? parent.children : [];
}

/** The machine is no more; with its files, or leaving them on the datastores. */
export function removeMachine(world: World, machine: Machine, files: 'DELETE' | 'KEEP'): void {
  takeOut(world, machine);
  if (files === 'KEEP')
    for (const { datastore, bytes } of Object.values(machine.files)) {
      const store = world.get('DATASTORE', datastore);
      store.leftBytes += bytes;
      world.touch(store);
    }
  world.remove(machine);
}
