import { v5 as uuidv5 } from 'uuid';
import { ownerKey } from '../contract';
import type { Marker } from '../contract';

/** Never change it: what we made on every vCenter is found by what is derived from it. */
const NAMESPACE = '37293cda-191d-47a4-9eda-8edd6ced21e6';

const UUID_V5 = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** vCenter's limit for the name of an entity, in characters as stored. */
const MAX_NAME = 80;

/**
 * The instance UUID of our VM. It follows from the owner alone, so that a repeated creation finds what the first one
 * made. vCenter gives a clone of our VM another one, although the clone's extraConfig is the same.
 */
export function instanceUuid(marker: Marker): string {
  return uuidv5(ownerKey(marker), NAMESPACE);
}

/** Whether the VM may be ours at all, so that the expensive properties are read of our own VMs only. */
export function mayBeOurs(uuid: string | undefined): boolean {
  return uuid !== undefined && UUID_V5.test(uuid);
}

/** Ends the names of what we make: unique within a folder, as vCenter wants names to be. */
export function nameSuffix(marker: Marker): string {
  return `-${instanceUuid(marker).slice(0, 8)}`;
}

/** The name of a VM in the inventory, for example `web-1-3f2a9c1d`: what does not fit in front is cut off. */
export function vmInventoryName(name: string, marker: Marker): string {
  const suffix = nameSuffix(marker);
  let front = '';
  for (const character of name) {
    const escaped = escapeName(character);
    if (front.length + escaped.length + suffix.length > MAX_NAME) break;
    front += escaped;
  }
  return front + suffix;
}

/** The name of a port group; port groups cannot be renamed by their tenants, so it is made of the id. */
export function networkInventoryName(marker: Marker): string {
  return `hg-${marker.objectId.slice(0, MAX_NAME - 12)}${nameSuffix(marker)}`;
}

/**
 * What a tenant sees of a name in the inventory: the name that the VM was given, or what an administrator has renamed
 * it to since.
 */
export function displayName(inventoryName: string, given: string, marker: Marker): string {
  if (inventoryName === vmInventoryName(given, marker)) return given;
  const suffix = nameSuffix(marker);
  const front = inventoryName.endsWith(suffix) ? inventoryName.slice(0, -suffix.length) : inventoryName;
  return unescapeName(front === '' ? inventoryName : front);
}

/** Entities' names hold these three characters escaped (vSphere API reference, ManagedEntity.name). */
export function escapeName(name: string): string {
  return name.replace(/[%/\\]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
}

export function unescapeName(name: string): string {
  return name.replace(/%(25|2f|5c)/gi, (_escape, code: string) => String.fromCharCode(parseInt(code, 16)));
}
