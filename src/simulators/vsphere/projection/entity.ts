import type { VimArray, VimValue } from '../vim/values';
import { array, moRef, struct } from '../vim/values';
import type { EntityBase } from '../model/records';
import type { World } from '../model/world';
import { GREEN, integers, refs, strings } from './scalars';

const NO_EVENTS = array('Event', []);
const NO_ALARMS = array('AlarmState', []);
const NO_TAGS = array('Tag', []);
const NO_PERMISSIONS = array('Permission', []);
const NO_METHODS = strings([]);
const NO_TASKS = refs([]);
const NO_VALUES = array('CustomFieldValue', []);
/** The administrator's role. */
const ADMINISTRATOR = integers([-1]);

export type Properties = Readonly<Record<string, VimValue | undefined>>;

/** What every managed entity has, by the names of ExtensibleManagedObject and ManagedEntity. */
export function entityProperties(world: World, entity: EntityBase) {
  const values = customValues(entity);
  return {
    value: values,
    availableField: availableFields(world, entity.ref.$ref),
    parent: entity.parent === null ? undefined : world.ref(entity.parent),
    customValue: values,
    overallStatus: GREEN,
    configStatus: GREEN,
    configIssue: NO_EVENTS,
    effectiveRole: ADMINISTRATOR,
    permission: NO_PERMISSIONS,
    name: entity.name,
    disabledMethod: NO_METHODS,
    recentTask:
      entity.recentTasks.length === 0 ? NO_TASKS : refs(entity.recentTasks.map((id) => moRef('Task', id))),
    declaredAlarmState: NO_ALARMS,
    triggeredAlarmState: NO_ALARMS,
    alarmActionsEnabled: true,
    tag: NO_TAGS,
  };
}

export function customValues(entity: EntityBase): VimArray {
  if (entity.customValues.length === 0) return NO_VALUES;
  return array(
    'CustomFieldValue',
    entity.customValues.map(([key, value]) => struct('CustomFieldStringValue', { key, value })),
  );
}

const NO_FIELDS = array('CustomFieldDef', []);

function availableFields(world: World, type: string): VimArray {
  return world.fields.length === 0 ? NO_FIELDS : array('CustomFieldDef', fieldDefinitions(world, type));
}

/** The custom fields for this type of object; null asks for all. */
export function fieldDefinitions(world: World, type: string | null): VimValue[] {
  return world.fields
    .filter((field) => type === null || field.objectType === null || field.objectType === type)
    .map((field) =>
      struct('CustomFieldDef', {
        key: field.key,
        name: field.name,
        type: 'string',
        managedObjectType: field.objectType ?? undefined,
      }),
    );
}
