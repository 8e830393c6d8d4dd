import { v5 as uuidv5 } from 'uuid';
import { ownerKey } from '../contract';
import type { Marker } from '../contract';

/** Never change it: what we made on every cloud is found by what is derived from it. */
const NAMESPACE = '6d1f5a0e-2f0c-4f0b-9d53-1f5c7a6be2a4';

/** The keys of a server's metadata that are ours. Never change them: what exists on clouds carries them. */
export const METADATA_PREFIX = 'hypergate:';
const KEYS = {
  installationId: `${METADATA_PREFIX}installation`,
  tenantId: `${METADATA_PREFIX}tenant`,
  objectId: `${METADATA_PREFIX}object`,
  operationId: `${METADATA_PREFIX}operation`,
} as const satisfies Readonly<Record<keyof Marker, string>>;

export function markerMetadata(marker: Marker): Readonly<Record<string, string>> {
  return {
    [KEYS.installationId]: marker.installationId,
    [KEYS.tenantId]: marker.tenantId,
    [KEYS.objectId]: marker.objectId,
    [KEYS.operationId]: marker.operationId,
  };
}

/** Null for what is not ours. */
export function readMarker(metadata: Readonly<Record<string, string>>): Marker | null {
  const installationId = metadata[KEYS.installationId];
  const tenantId = metadata[KEYS.tenantId];
  const objectId = metadata[KEYS.objectId];
  const operationId = metadata[KEYS.operationId];
  if (installationId === undefined || tenantId === undefined) return null;
  if (objectId === undefined || operationId === undefined) return null;
  return { installationId, tenantId, objectId, operationId };
}

/**
 * What servers are looked up by: Nova filters by tags, and by metadata for administrators only. A tag holds 60 characters,
 * too few for an id; it is derived from ids, and what is found by it has to carry them in its metadata.
 */
export function ownerTag(marker: Marker): string {
  return `hypergate-vm-${uuidv5(ownerKey(marker), NAMESPACE)}`;
}

/** As above, for all servers of one installation. */
export function installationTag(installationId: string): string {
  return `hypergate-of-${uuidv5(installationId, NAMESPACE)}`;
}

/**
 * Key pairs belong to the gateway's user and not to a server, so their names tell whose they are: a copy of an installation
 * has the same ids of VMs, and may have the same user.
 */
export function keypairName(marker: Marker): string {
  const owner = uuidv5(ownerKey(marker), NAMESPACE).slice(0, 8);
  return `hypergate-${marker.objectId}-${owner}`.replace(/[^A-Za-z0-9_-]/g, '_');
}
