import type { MachineContext } from '../machines/context';
import { createMachine } from '../machines/create';
import { requireOff } from '../machines/lifecycle';
import { siteOf } from '../machines/placement';
import { buildFolder } from '../model/build/build-inventory';
import { putInto, removeMachine, requireFreeName, takeOut } from '../model/folders';
import { notSupported, storedName } from '../model/names';
import type { Entity, Folder } from '../model/records';
import type { World } from '../model/world';
import { invalidArgument, requireText } from '../service/arguments';
import type { MethodCall, MethodTable } from '../service/method';
import { VimFault } from '../vim/fault';
import { childrenOf } from '../vim/element';
import { moRef } from '../vim/values';
import type { MoRef } from '../vim/values';

export function folderMethods(context: MachineContext): MethodTable {
  const { world } = context;
  const folderOf = ({ self }: MethodCall) => world.named('FOLDER', self, '_this');
  return {
    type: 'Folder',
    methods: {
      CreateFolder: (call) => {
        const parent = folderOf(call);
        const name = storedName(requireText(call.request, 'name'), parent.ref);
        requireFreeName(world, parent.children, name);
        const prefix = parent.ref.value.replace(/-?\d+$/, '');
        const folder = buildFolder(world, name, parent.ref.value, parent.childTypes, prefix);
        putInto(world, parent, folder);
        return folder.ref;
      },
      CreateVM_Task: (call) => createMachine(context, call),
      MoveIntoFolder_Task: (call) => moveInto(context, folderOf(call), call),
      Destroy_Task: (call) => destroyFolder(context, folderOf(call)),
    },
  };
}

function moveInto(context: MachineContext, folder: Folder, { request }: MethodCall): MoRef {
  const { world } = context;
  const list = childrenOf(request, 'list').map((element) => {
    const ref = moRef(element.refType ?? '', element.text.trim());
    const entity = world.lookUp(ref.value);
    if (entity?.ref.$ref !== ref.$ref) throw new VimFault('ManagedObjectNotFound', { obj: ref });
    return entity;
  });
  if (list.length === 0) throw invalidArgument('list');
  return context.tasks.start({
    name: 'MoveIntoFolder_Task',
    descriptionId: 'Folder.moveIntoFolder',
    entity: folder,
    exclusive: list.map((entity) => entity.ref.value),
    shared: [folder.ref.value],
    begin: () => {
      for (const entity of list) requireMovable(world, folder, entity);
      return [];
    },
    finish: () => {
      for (const entity of list) {
        requireMovable(world, folder, entity);
        takeOut(world, entity);
        putInto(world, folder, entity);
      }
      return undefined;
    },
  });
}

function requireMovable(world: World, folder: Folder, entity: Entity): void {
  const allowed = folder.childTypes.includes(entity.ref.$ref);
  if (!allowed || siteOf(world, entity.ref.value) !== siteOf(world, folder.ref.value))
    throw new VimFault('InvalidFolder', { target: folder.ref }, 'It cannot be moved into this folder.');
  for (let at: Entity | null = folder; at?.parent != null; at = world.lookUp(at.parent))
    if (at === entity)
      throw new VimFault('InvalidFolder', { target: folder.ref }, 'A folder cannot hold itself.');
  requireFreeName(world, folder.children, entity.name, entity);
}

/** As in vCenter the machines inside are DELETED, with their disks. */
function destroyFolder(context: MachineContext, folder: Folder): MoRef {
  const { world } = context;
  const parent = folder.parent === null ? null : world.lookUp(folder.parent);
  if (parent?.kind !== 'FOLDER') throw notSupported('a folder of the datacenter itself stays');
  const check = () => {
    for (const entity of everythingIn(world, folder)) {
      if (entity.kind === 'MACHINE') requireOff(entity);
      else if (entity.kind !== 'FOLDER')
        throw new VimFault('ResourceInUse', { type: entity.ref.$ref, name: entity.name });
    }
  };
  return context.tasks.start({
    name: 'Destroy_Task',
    descriptionId: 'Folder.destroy',
    entity: folder,
    exclusive: [folder.ref.value, ...[...everythingIn(world, folder)].map((entity) => entity.ref.value)],
    begin: () => {
      check();
      return [];
    },
    finish: () => {
      check();
      for (const entity of [...everythingIn(world, folder)].reverse()) {
        if (entity.kind === 'MACHINE') removeMachine(world, entity, 'DELETE');
        else world.remove(entity);
      }
      takeOut(world, folder);
      world.remove(folder);
      return undefined;
    },
  });
}

function* everythingIn(world: World, folder: Folder): Generator<Entity> {
  for (const id of folder.children) {
    const entity = world.lookUp(id);
    if (!entity) continue;
    yield entity;
    if (entity.kind === 'FOLDER') yield* everythingIn(world, entity);
  }
}
