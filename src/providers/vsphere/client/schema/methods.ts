/**
 * The methods that we call. Parameters stand in the order of the WSDL's sequence, after `_this`.
 * Source: VMware vSphere Web Services API, WSDL vim25.
 */
import { boolean, dateTime, arrayOf, enumeration, int, moRef, optional, string, struct } from './combinators';
import { VirtualMachineCloneSpec, VirtualMachineRelocateSpec } from './clone-spec';
import { VirtualMachineConfigSpec } from './config-spec';
import { CustomFieldDef, PrivilegePolicyDef, ServiceContent, UserSession } from './content';
import { VirtualDisk } from './devices';
import { ResourceConfigSpec } from './inventory';
import { DVPortgroupConfigSpec, HostPortGroupSpec } from './network';
import {
  PropertyFilterSpec,
  RetrieveOptions,
  RetrieveResult,
  UpdateSet,
  WaitOptions,
} from './property-collector';
import type { Fields, Infer, OptionalSchema, Schema, StructSchema } from './schema';

export interface Method<F extends Fields = Fields, R extends Schema | null = Schema | null> {
  readonly params: StructSchema<string, F>;
  /** What `returnval` holds; null where the method answers nothing. */
  readonly result: R;
  /** True where the call may be repeated although its first answer was lost: it changes nothing that lasts. */
  readonly repeatable: boolean;
  /** True where the server may be silent for as long as the call is given, although it has begun to answer. */
  readonly patient?: boolean;
}

const mutation = <F extends Fields, R extends Schema | null>(params: F, result: R): Method<F, R> => ({
  params: struct('params', params),
  result,
  repeatable: false,
});

const read = <F extends Fields, R extends Schema | null>(params: F, result: R): Method<F, R> => ({
  ...mutation(params, result),
  repeatable: true,
});

const task = <F extends Fields>(params: F) => mutation(params, moRef('Task'));

export const METHODS = {
  RetrieveServiceContent: read({}, ServiceContent),
  CurrentTime: read({}, dateTime),
  Login: read({ userName: string, password: string, locale: optional(string) }, UserSession),
  Logout: read({}, null),
  SessionIsActive: read({ sessionID: string, userName: string }, boolean),

  CreateContainerView: read(
    { container: moRef(), type: optional(arrayOf(string)), recursive: boolean },
    moRef('ContainerView'),
  ),
  DestroyView: read({}, null),
  RetrievePropertiesEx: read(
    { specSet: arrayOf(PropertyFilterSpec), options: RetrieveOptions },
    optional(RetrieveResult),
  ),
  ContinueRetrievePropertiesEx: mutation({ token: string }, RetrieveResult),
  CancelRetrievePropertiesEx: read({ token: string }, null),
  CreatePropertyCollector: read({}, moRef('PropertyCollector')),
  DestroyPropertyCollector: read({}, null),
  CreateFilter: mutation({ spec: PropertyFilterSpec, partialUpdates: boolean }, moRef('PropertyFilter')),
  DestroyPropertyFilter: read({}, null),
  WaitForUpdatesEx: {
    ...mutation({ version: optional(string), options: optional(WaitOptions) }, optional(UpdateSet)),
    patient: true,
  },
  CancelWaitForUpdates: read({}, null),

  FindByUuid: read(
    {
      datacenter: optional(moRef('Datacenter')),
      uuid: string,
      vmSearch: boolean,
      instanceUuid: optional(boolean),
    },
    optional(moRef()),
  ),
  FindChild: read({ entity: moRef(), name: string }, optional(moRef())),
  FindByInventoryPath: read({ inventoryPath: string }, optional(moRef())),

  CreateFolder: mutation({ name: string }, moRef('Folder')),
  CreateResourcePool: mutation({ name: string, spec: ResourceConfigSpec }, moRef('ResourcePool')),
  UpdateConfig: mutation({ name: optional(string), config: optional(ResourceConfigSpec) }, null),
  Rename_Task: task({ newName: string }),
  Destroy_Task: task({}),
  MoveIntoFolder_Task: task({ list: arrayOf(moRef()) }),

  CreateVM_Task: task({
    config: VirtualMachineConfigSpec,
    pool: moRef('ResourcePool'),
    host: optional(moRef('HostSystem')),
  }),
  CloneVM_Task: task({ folder: moRef('Folder'), name: string, spec: VirtualMachineCloneSpec }),
  ReconfigVM_Task: task({ spec: VirtualMachineConfigSpec }),
  RelocateVM_Task: task({
    spec: VirtualMachineRelocateSpec,
    priority: optional(
      enumeration('VirtualMachineMovePriority', 'lowPriority', 'highPriority', 'defaultPriority'),
    ),
  }),
  PowerOnVM_Task: task({ host: optional(moRef('HostSystem')) }),
  PowerOffVM_Task: task({}),
  ResetVM_Task: task({}),
  SuspendVM_Task: task({}),
  ShutdownGuest: mutation({}, null),
  RebootGuest: mutation({}, null),
  MarkAsTemplate: mutation({}, null),
  MarkAsVirtualMachine: mutation({ pool: moRef('ResourcePool'), host: optional(moRef('HostSystem')) }, null),
  UnregisterVM: mutation({}, null),
  CreateSnapshot_Task: task({
    name: string,
    description: optional(string),
    memory: boolean,
    quiesce: boolean,
  }),
  RemoveAllSnapshots_Task: task({ consolidate: optional(boolean) }),
  PromoteDisks_Task: task({ unlink: boolean, disks: optional(arrayOf(VirtualDisk)) }),
  CancelTask: mutation({}, null),

  AddDVPortgroup_Task: task({ spec: arrayOf(DVPortgroupConfigSpec) }),
  ReconfigureDVPortgroup_Task: task({ spec: DVPortgroupConfigSpec }),
  AddPortGroup: mutation({ portgrp: HostPortGroupSpec }, null),
  RemovePortGroup: mutation({ pgName: string }, null),
  AddCustomFieldDef: mutation(
    {
      name: string,
      moType: optional(string),
      fieldDefPolicy: optional(PrivilegePolicyDef),
      fieldPolicy: optional(PrivilegePolicyDef),
    },
    CustomFieldDef,
  ),
  SetField: mutation({ entity: moRef(), key: int, value: string }, null),
} satisfies Record<string, Method>;

export type Methods = typeof METHODS;
export type MethodName = keyof Methods;

/** NoInfer: the method follows from its name alone; to look for it in a result has no end for the compiler. */
type ParamsTable = { readonly [M in MethodName]: Infer<Methods[M]['params']> };
type ResultTable = {
  readonly [M in MethodName]: Methods[M]['result'] extends null
    ? undefined
    : Methods[M]['result'] extends OptionalSchema
      ? Infer<Methods[M]['result']> | null
      : Infer<Methods[M]['result']>;
};

export type Params<M extends MethodName> = NoInfer<ParamsTable[M]>;
/** What a method answers: null where it may answer nothing and did, undefined where it never answers anything. */
export type Result<M extends MethodName> = NoInfer<ResultTable[M]>;
