/** The property collector and views. Source: VMware vSphere Web Services API, WSDL vim25. */
import {
  anyType,
  arrayOf,
  boolean,
  enumeration,
  int,
  lazy,
  moRef,
  optional,
  string,
  struct,
  union,
  word,
} from './combinators';
import { LocalizedMethodFault } from './faults';
import type { Infer, Schema } from './schema';

const PropertySpec = struct('PropertySpec', {
  type: string,
  all: optional(boolean),
  pathSet: optional(arrayOf(string)),
});

const SelectionSpec = struct('SelectionSpec', { name: optional(string) });

/** A step from an object to others, or (as SelectionSpec) the name of such a step. */
export interface Selection {
  readonly $type: 'SelectionSpec' | 'TraversalSpec';
  readonly name?: string;
  readonly type?: string;
  readonly path?: string;
  readonly skip?: boolean;
  readonly selectSet?: readonly Selection[];
}

const TraversalSpec = struct(
  'TraversalSpec',
  {
    type: string,
    path: string,
    skip: optional(boolean),
    selectSet: optional(arrayOf(lazy<Selection>((): Schema => anySelection))),
  },
  { extends: SelectionSpec },
);
const anySelection = union(SelectionSpec, [SelectionSpec, TraversalSpec]);

const ObjectSpec = struct('ObjectSpec', {
  obj: moRef(),
  skip: optional(boolean),
  selectSet: optional(arrayOf(lazy<Selection>((): Schema => anySelection))),
});

export const PropertyFilterSpec = struct('PropertyFilterSpec', {
  propSet: arrayOf(PropertySpec),
  objectSet: arrayOf(ObjectSpec),
  reportMissingObjectsInResults: optional(boolean),
});
export type PropertyFilterSpec = Infer<typeof PropertyFilterSpec>;

export const RetrieveOptions = struct('RetrieveOptions', { maxObjects: optional(int) });

const MissingProperty = struct('MissingProperty', { path: string, fault: LocalizedMethodFault });

export const ObjectContent = struct('ObjectContent', {
  obj: moRef(),
  propSet: arrayOf(struct('DynamicProperty', { name: word, val: optional(anyType) })),
  missingSet: arrayOf(MissingProperty),
});
export type ObjectContent = Infer<typeof ObjectContent>;

/** A `token` says that there is more. */
export const RetrieveResult = struct('RetrieveResult', {
  token: optional(string),
  objects: arrayOf(ObjectContent),
});
export type RetrieveResult = Infer<typeof RetrieveResult>;

export const WaitOptions = struct('WaitOptions', {
  maxWaitSeconds: optional(int),
  maxObjectUpdates: optional(int),
});

const PropertyChange = struct('PropertyChange', {
  name: word,
  op: enumeration('PropertyChangeOp', 'add', 'remove', 'assign', 'indirectRemove'),
  val: optional(anyType),
});

const ObjectUpdate = struct('ObjectUpdate', {
  kind: enumeration('ObjectUpdateKind', 'modify', 'enter', 'leave'),
  obj: moRef(),
  changeSet: arrayOf(PropertyChange),
  missingSet: arrayOf(MissingProperty),
});

const PropertyFilterUpdate = struct('PropertyFilterUpdate', {
  filter: moRef('PropertyFilter'),
  objectSet: arrayOf(ObjectUpdate),
  missingSet: arrayOf(struct('MissingObject', { obj: moRef(), fault: LocalizedMethodFault })),
});

export const UpdateSet = struct('UpdateSet', {
  version: string,
  filterSet: arrayOf(PropertyFilterUpdate),
  /** True where the set goes on: ask again with its version. */
  truncated: optional(boolean),
});
export type UpdateSet = Infer<typeof UpdateSet>;
