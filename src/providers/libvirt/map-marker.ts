import type { Marker } from '../contract';
import { childrenOf, element, textElement } from './xml';
import type { XmlElement } from './xml';

/** Names our metadata element. Never change it: what exists on backends carries it. */
export const METADATA_NAMESPACE = 'urn:hypergate:libvirt:1';

/** What our metadata element tells of the object that holds it. */
export interface Ownership {
  readonly marker: Marker;
  /** The tenant's own name for the object. */
  readonly name: string;
}

/** The `metadata` of a domain or a network. */
export function metadataElement(
  { marker, name }: Ownership,
  labels: Readonly<Record<string, string>> = {},
): XmlElement {
  const attributes = {
    'xmlns:hg': METADATA_NAMESPACE,
    installation: marker.installationId,
    tenant: marker.tenantId,
    id: marker.objectId,
    operation: marker.operationId,
  };
  return element('metadata', {}, [
    element('hg:object', attributes, [
      textElement('hg:name', name),
      ...Object.entries(labels).map(([key, value]) => textElement('hg:label', value, { key })),
    ]),
  ]);
}

/** Reads it back from the object's description; null for what is not ours. */
export function readOwnership(description: XmlElement): Ownership | null {
  for (const metadata of childrenOf(description, 'metadata')) {
    for (const candidate of metadata.children) {
      const [prefix, local] = candidate.name.split(':');
      if (local !== 'object' || candidate.attributes[`xmlns:${prefix}`] !== METADATA_NAMESPACE) continue;
      const ownership = ownershipOf(candidate, `${prefix}:name`);
      if (ownership) return ownership;
    }
  }
  return null;
}

function ownershipOf(object: XmlElement, nameTag: string): Ownership | null {
  const { installation, tenant, id, operation } = object.attributes;
  const name = childrenOf(object, nameTag)[0]?.text;
  if (installation === undefined || tenant === undefined || id === undefined || operation === undefined)
    return null;
  if (name === undefined) return null;
  return {
    marker: { installationId: installation, tenantId: tenant, objectId: id, operationId: operation },
    name,
  };
}
