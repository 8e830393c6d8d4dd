import type { Filter, Tag, TagSpecification, ResourceType } from '@aws-sdk/client-ec2';
import type { Marker } from '../contract';

/** The keys of our tags. Never change them: what exists in accounts carries them. */
export const INSTALLATION_TAG = 'hypergate:installation';
const TENANT_TAG = 'hypergate:tenant';
const OBJECT_TAG = 'hypergate:object';
const OPERATION_TAG = 'hypergate:operation';
/** The network that a VM's card is on, as EC2 does not tell our networks from others. */
export const NETWORK_TAG = 'hypergate:network';
/** On a network that is made to its end. */
export const READY_TAG = 'hypergate:ready';
const NAME_TAG = 'Name';
const LABEL_PREFIX = 'label:';

/** EC2's limit for one object, and how many of them are ours at most. */
const MAX_TAGS = 50;
const OWN_TAGS = 6;
export const MAX_LABELS = MAX_TAGS - OWN_TAGS;

type Tags = readonly Tag[] | undefined;

export function tagValue(tags: Tags, key: string): string | undefined {
  return tags?.find((tag) => tag.Key === key)?.Value;
}

export function markerTags({ installationId, tenantId, objectId, operationId }: Marker): Tag[] {
  return [
    { Key: INSTALLATION_TAG, Value: installationId },
    { Key: TENANT_TAG, Value: tenantId },
    { Key: OBJECT_TAG, Value: objectId },
    { Key: OPERATION_TAG, Value: operationId },
  ];
}

export function nameTag(name: string): Tag {
  return { Key: NAME_TAG, Value: name };
}

export function labelTags(labels: Readonly<Record<string, string>>): Tag[] {
  return Object.entries(labels).map(([key, value]) => ({ Key: LABEL_PREFIX + key, Value: value }));
}

/** What puts tags onto an object in the request that makes it. */
export function tagged(tags: Tag[], ...types: readonly ResourceType[]): TagSpecification[] {
  return types.map((type) => ({ ResourceType: type, Tags: tags }));
}

/** Null for what is not ours. */
export function markerOf(tags: Tags): Marker | null {
  const installationId = tagValue(tags, INSTALLATION_TAG);
  const tenantId = tagValue(tags, TENANT_TAG);
  const objectId = tagValue(tags, OBJECT_TAG);
  const operationId = tagValue(tags, OPERATION_TAG);
  if (!installationId || !tenantId || !objectId || !operationId) return null;
  return { installationId, tenantId, objectId, operationId };
}

/** The name as it is now: an administrator may have changed it. */
export function nameOf(tags: Tags): string {
  return tagValue(tags, NAME_TAG) ?? '';
}

export const OBJECT_FILTER = `tag:${OBJECT_TAG}`;

/** A filter for these values as they stand: EC2 would take `*` and `?` in them for wildcards. */
export function filter(name: string, ...values: readonly string[]): Filter {
  return { Name: name, Values: values.map((value) => value.replace(/[*?\\]/g, '\\$&')) };
}
