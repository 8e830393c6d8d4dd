import type { NetworkObject } from '../model/records';
import { isoSeconds } from '../wire/times';

/** The fields that all objects of Neutron show. */
export function commonView(object: NetworkObject) {
  return {
    id: object.id,
    name: object.name,
    tenant_id: object.projectId,
    project_id: object.projectId,
    description: object.description,
    tags: object.tags,
    created_at: isoSeconds(object.createdAt),
    updated_at: isoSeconds(object.updatedAt),
    revision_number: object.revision,
  };
}
