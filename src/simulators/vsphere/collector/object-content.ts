import { mayReadAnonymously } from '../service/anonymous';
import { notAuthenticated } from '../service/dispatcher';
import type { Scope } from '../service/scope';
import { readPath } from '../objects/read-path';
import { VimFault } from '../vim/fault';
import { array, struct } from '../vim/values';
import type { MoRef, VimStruct } from '../vim/values';
import type { PropertyPlan } from './property-plan';

/** An object with what was asked of it; null when it is gone or nothing was asked. Unset properties are left out. */
export function objectContent(ref: MoRef, plan: PropertyPlan, scope: Scope): VimStruct | null {
  const object = scope.get(ref);
  const planned = plan.of(ref.$ref);
  if (!object || !planned) return null;
  const found: VimStruct[] = [];
  const missing: VimStruct[] = [];
  for (const { path, steps } of planned) {
    if (!scope.session && !mayReadAnonymously(ref, path)) {
      missing.push(missingProperty(path, notAuthenticated(ref)));
    } else if (!steps) missing.push(unknownProperty(path));
    else {
      const val = readPath(object.properties, steps);
      if (val !== undefined) found.push({ $type: 'DynamicProperty', name: path, val });
    }
  }
  return struct('ObjectContent', {
    obj: ref,
    propSet: array('DynamicProperty', found),
    missingSet: array('MissingProperty', missing),
  });
}

export function unknownProperty(path: string): VimStruct {
  return missingProperty(path, new VimFault('InvalidProperty', { name: path }));
}

function missingProperty(path: string, fault: VimFault): VimStruct {
  return struct('MissingProperty', { path, fault: localized(fault) });
}

export function localized(error: VimFault): VimStruct {
  return struct('LocalizedMethodFault', { fault: error.fault, localizedMessage: error.message });
}
