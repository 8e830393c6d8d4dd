/** Faults. Source: VMware vSphere Web Services API, WSDL vim25 (vim-faults). */
import { anyType, arrayOf, lazy, moRef, open, optional, string, struct } from './combinators';

import type { Infer, Schema } from './schema';

const LocalizableMessage = struct('LocalizableMessage', {
  key: string,
  arg: optional(arrayOf(struct('KeyAnyValue', { key: string, value: optional(anyType) }))),
  message: optional(string),
});

/** What may stand within a fault; `$type` says which fault it is (`InvalidPowerState`). */
export interface Fault extends Infer<typeof faultFields> {
  readonly $type: string;
  readonly faultCause?: LocalizedFault | undefined;
}

/** A fault with the server's text in the session's locale: act upon the type, never upon the text. */
export interface LocalizedFault {
  readonly fault: Fault;
  readonly localizedMessage?: string | undefined;
}

/**
 * The fields of all the faults that we look into, in one: their names do not collide, and a fault that nobody has
 * foreseen shows what it shares with the others.
 */
const faultFields = struct('MethodFault', {
  faultMessage: optional(arrayOf(LocalizableMessage)),
  /** ManagedObjectNotFound: the object that is gone. */
  obj: optional(moRef()),
  /** DuplicateName, NoPermission, NotAuthenticated: the object in question. */
  object: optional(moRef()),
  privilegeId: optional(string),
  /** DuplicateName, InvalidName, InvalidProperty, AlreadyExists, ResourceInUse, NotFound … */
  name: optional(string),
  entity: optional(moRef()),
  type: optional(string),
  /** InvalidArgument: the parameter that the server refuses. */
  invalidProperty: optional(string),
  /** InvalidPowerState. */
  requestedState: optional(string),
  existingState: optional(string),
  /** InvalidDeviceSpec: `deviceChange[0].device`, and which of the changes. */
  property: optional(string),
  /** MethodNotFound. */
  receiver: optional(moRef()),
  method: optional(string),
  /** TaskInProgress: the task that holds the object. */
  task: optional(moRef('Task')),
  /** FileFault: the file's path on its datastore. */
  file: optional(string),
  host: optional(moRef()),
  datastore: optional(moRef()),
  reason: optional(string),
});

/** @see LocalizedFault */
export const LocalizedMethodFault = struct('LocalizedMethodFault', {
  fault: lazy<Fault>((): Schema => MethodFault),
  localizedMessage: optional(string),
});

export const MethodFault = open(
  struct('MethodFault', {
    faultCause: optional(lazy<LocalizedFault>((): Schema => LocalizedMethodFault)),
    ...faultFields.fields,
  }),
);
