import type { MachineContext } from '../machines/context';
import { markChanged } from '../machines/reconfigure';
import { requireFreeName, siblingsOf } from '../model/folders';
import { notFoundObject, notSupported, storedName } from '../model/names';
import type { Entity, EntityKind } from '../model/records';
import type { World } from '../model/world';
import { requireText } from '../service/arguments';
import type { MethodTable } from '../service/method';
import type { MoRef } from '../vim/values';

/** A datastore's name stands in the paths of all files, a standard network's on all its hosts. */
const RENAMEABLE: ReadonlySet<EntityKind> = new Set<EntityKind>([
  'MACHINE',
  'FOLDER',
  'POOL',
  'PORT_GROUP',
  'SWITCH',
  'DATACENTER',
  'CLUSTER',
]);

/** What every managed entity can: they are inherited by machines, folders, pools and all the others. */
export function entityMethods(context: MachineContext): MethodTable {
  const { world } = context;
  return {
    type: 'ManagedEntity',
    methods: {
      Rename_Task: ({ self, request }) => {
        const entity = requireEntity(world, self);
        if (!RENAMEABLE.has(entity.kind)) throw notSupported(`a ${entity.ref.$ref} keeps its name`);
        const name = storedName(requireText(request, 'newName'), entity.ref);
        return context.tasks.start({
          name: 'Rename_Task',
          descriptionId: `${entity.ref.$ref}.rename`,
          entity,
          finish: () => {
            rename(world, entity, name);
            return undefined;
          },
        });
      },
    },
  };
}

export function requireEntity(world: World, ref: MoRef): Entity {
  const entity = world.lookUp(ref.value);
  if (entity?.ref.$ref !== ref.$ref) throw notFoundObject(ref);
  return entity;
}

/** Throws DuplicateName. What shows the name elsewhere is brought up to date too. */
export function rename(world: World, entity: Entity, name: string): void {
  requireFreeName(world, siblingsOf(world, entity), name, entity);
  entity.name = name;
  world.touch(entity);
  if (entity.kind === 'MACHINE') markChanged(world, entity);
  if (entity.kind === 'PORT_GROUP') {
    const owner = world.get('SWITCH', entity.switchId);
    entity.changeNumber++;
    world.touch(owner);
  }
  if (entity.kind === 'PORT_GROUP' || entity.kind === 'NETWORK') touchMachinesOn(world, entity.ref.value);
}

export function touchMachinesOn(world: World, network: string): void {
  for (const id of world.relations.loadOf(network).machines) {
    const machine = world.lookUp(id);
    if (machine) world.touch(machine);
  }
}
