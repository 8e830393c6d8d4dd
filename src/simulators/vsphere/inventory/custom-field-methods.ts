import { duplicateName } from '../model/names';
import type { CustomField } from '../model/records';
import type { World } from '../model/world';
import { invalidArgument, optionalInt, requireRef, requireText } from '../service/arguments';
import type { MethodCall, MethodTable } from '../service/method';
import { textOf } from '../vim/element';
import { struct } from '../vim/values';
import { requireEntity } from './entity-methods';

export function customFieldMethods(world: World): MethodTable {
  return {
    type: 'CustomFieldsManager',
    methods: {
      AddCustomFieldDef: ({ self, request }) => {
        const name = requireName(world, requireText(request, 'name'), self);
        const field: CustomField = {
          key: ++world.counters.customField,
          name,
          objectType: textOf(request, 'moType')?.trim() || null,
        };
        world.fields.push(field);
        publishFields(world);
        return struct('CustomFieldDef', {
          key: field.key,
          name,
          type: 'string',
          managedObjectType: field.objectType ?? undefined,
        });
      },
      RenameCustomFieldDef: ({ self, request }) => {
        const field = fieldOf(world, request);
        field.name = requireName(world, requireText(request, 'name'), self, field);
        publishFields(world);
        return undefined;
      },
      RemoveCustomFieldDef: ({ request }) => {
        const field = fieldOf(world, request);
        world.fields.splice(world.fields.indexOf(field), 1);
        for (const entity of world.all())
          entity.customValues = entity.customValues.filter(([key]) => key !== field.key);
        publishFields(world);
        return undefined;
      },
      SetField: ({ request }) => {
        const entity = requireEntity(world, requireRef(request, 'entity'));
        const { key, objectType } = fieldOf(world, request);
        if (objectType !== null && objectType !== entity.ref.$ref) throw invalidArgument('key');
        const value = textOf(request, 'value') ?? '';
        const others = entity.customValues.filter(([other]) => other !== key);
        entity.customValues = value === '' ? others : [...others, [key, value]];
        world.touch(entity);
        return undefined;
      },
    },
  };
}

function requireName(world: World, name: string, manager: MethodCall['self'], except?: CustomField): string {
  if (name === '') throw invalidArgument('name');
  if (world.fields.some((field) => field.name === name && field !== except))
    throw duplicateName(name, manager);
  return name;
}

function fieldOf(world: World, request: MethodCall['request']): CustomField {
  const key = optionalInt(request, 'key');
  const field = world.fields.find((one) => one.key === key);
  if (!field) throw invalidArgument('key');
  return field;
}

/** Every entity tells which fields it has. */
function publishFields(world: World): void {
  for (const entity of world.all())
    if (entity.kind !== 'TASK' && entity.kind !== 'LEASE') world.touch(entity);
}
