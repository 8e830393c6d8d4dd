import { VimFault } from '../vim/fault';
import { enumeration } from '../vim/values';
import type { MoRef } from '../vim/values';

const LONGEST_NAME = 80;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['%', '%25'],
  ['/', '%2f'],
  ['\\', '%5c'],
]);

/**
 * A name as the inventory stores it: `%`, `/` and `\` are escaped, and what the client has escaped itself stays.
 * Throws InvalidName when it is empty or longer than 80 characters.
 */
export function storedName(name: string, entity?: MoRef): string {
  const stored = name.replace(/%(?!25|2f|5c)|[/\\]/gi, (found) => ESCAPES.get(found) ?? found);
  const length = stored.replace(/%(25|2f|5c)/gi, '%').length;
  if (length === 0 || length > LONGEST_NAME)
    throw new VimFault('InvalidName', { name, entity }, `The name '${name}' is invalid.`);
  return stored;
}

export function invalidArgument(property: string): VimFault {
  return new VimFault(
    'InvalidArgument',
    { invalidProperty: property },
    `A specified parameter was not correct: ${property}`,
  );
}

export function invalidPowerState(requested: string | undefined, existing: string): VimFault {
  return new VimFault(
    'InvalidPowerState',
    {
      requestedState:
        requested === undefined ? undefined : enumeration('VirtualMachinePowerState', requested),
      existingState: enumeration('VirtualMachinePowerState', existing),
    },
    `The attempted operation cannot be performed in the current state (${existing}).`,
  );
}

export function notFoundObject(ref: MoRef): VimFault {
  return new VimFault(
    'ManagedObjectNotFound',
    { obj: ref },
    `The object '${ref.$ref}:${ref.value}' has already been deleted or has not been completely created`,
  );
}

export function duplicateName(name: string, object: MoRef): VimFault {
  return new VimFault('DuplicateName', { name, object }, `The name '${name}' already exists.`);
}

export function notSupported(what: string): VimFault {
  return new VimFault('NotSupported', {}, `The operation is not supported on the object: ${what}`);
}
