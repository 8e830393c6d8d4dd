import type { PropertyFilterSpec } from '../schema/property-collector';
import type { MoRef } from '../schema/schema';

/** These objects. Those that are gone are left out by servers that keep to the API. */
export function objectsSpec(refs: readonly MoRef[], paths: readonly string[]): PropertyFilterSpec {
  return {
    propSet: [...new Set(refs.map((ref) => ref.type))].map((type) => ({ type, pathSet: paths })),
    objectSet: refs.map((obj) => ({ obj })),
    reportMissingObjectsInResults: true,
  };
}

/** What a container view shows. */
export function viewSpec(view: MoRef, type: string, paths: readonly string[]): PropertyFilterSpec {
  return {
    propSet: [{ type, pathSet: paths }],
    objectSet: [
      {
        obj: view,
        skip: true,
        selectSet: [{ $type: 'TraversalSpec', type: 'ContainerView', path: 'view', skip: false }],
      },
    ],
  };
}
