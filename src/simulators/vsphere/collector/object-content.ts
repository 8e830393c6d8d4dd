import { mayReadAnonymously } from '../service/anonymous';
import { notAuthenticated } from '../service/dispatcher';
import type { Scope } from '../service/scope';
import { parsePath } from '../objects/property-path';
import type { ManagedObject } from '../objects/object-store';
import { readPath } from '../objects/read-path';
import { VimFault } from '../vim/fault';
import { array, struct } from '../vim/values';
import type { MoRef, VimStruct, VimValue } from '../vim/values';
import { isKnownPath } from './known-paths';
import type { PropertyPlan } from './property-plan';

/** An object with what was asked of it; null when it is gone or nothing was asked. Unset properties are left out. */
export function objectContent(ref: MoRef, plan: PropertyPlan, scope: Scope): VimStruct | null {
  const object = scope.get(ref);
  const paths = plan.of(ref.$ref)?.paths;
  if (!object || !paths) return null;
  const found: VimStruct[] = [];
  const missing: VimStruct[] = [];
  for (const path of paths) {
    const fault = readingFault(ref, path, scope);
    if (fault) missing.push(missingProperty(path, fault));
    else {
      const val = readValue(object, path);
      if (val !== undefined) found.push(struct('DynamicProperty', { name: path, val }));
    }
  }
  return struct('ObjectContent', {
    obj: ref,
    propSet: array('DynamicProperty', found),
    missingSet: array('MissingProperty', missing),
  });
}

export function readValue(object: ManagedObject, path: string): VimValue | undefined {
  const steps = parsePath(path);
  return steps ? readPath(object.properties, steps) : undefined;
}

/** Why a property cannot be read: it does not exist, or the caller has not logged in. */
function readingFault(ref: MoRef, path: string, scope: Scope): VimFault | null {
  if (!scope.session && !mayReadAnonymously(ref, path)) return notAuthenticated(ref);
  return isKnownPath(ref.$ref, path) ? null : new VimFault('InvalidProperty', { name: path });
}

export function missingProperty(path: string, fault: VimFault): VimStruct {
  return struct('MissingProperty', { path, fault: localized(fault) });
}

export function localized(error: VimFault): VimStruct {
  return struct('LocalizedMethodFault', { fault: error.fault, localizedMessage: error.message });
}
