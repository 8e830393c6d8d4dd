import type { Marker } from '../contract';
import { METADATA_PREFIX } from './identity';

/** The name as the tenant gave it, in base64 of its UTF-8, where Nova would not take it as it is. */
const GIVEN_NAME = `${METADATA_PREFIX}name`;

/**
 * Nova takes printable characters of the basic plane, without blanks at either end (nova.api.validation.parameter_types);
 * databases in MySQL's three-byte UTF-8 could not hold others either.
 */
const REFUSED = /[\p{C}\p{Zl}\p{Zp}]|[\u{10000}-\u{10ffff}]/gu;

/** What a server is called on Nova: the tenant's name, with a stand-in for each character that Nova refuses. */
export function serverName(name: string, marker: Marker): string {
  const taken = name.replace(REFUSED, '_').trim();
  return taken === '' ? marker.objectId : taken;
}

/** Keeps the name that the tenant gave where Nova's is another; a name of 63 UTF-16 units fits the 255 of a value. */
export function nameMetadata(name: string, marker: Marker): Readonly<Record<string, string>> {
  if (serverName(name, marker) === name) return {};
  return { [GIVEN_NAME]: Buffer.from(name, 'utf8').toString('base64') };
}

/** What a tenant sees: the name that the VM was given, or what an administrator has renamed it to since. */
export function displayName(
  server: { readonly name: string; readonly metadata: Readonly<Record<string, string>> },
  marker: Marker | null,
): string {
  const kept = server.metadata[GIVEN_NAME];
  if (kept === undefined || marker === null) return server.name;
  const given = Buffer.from(kept, 'base64').toString('utf8');
  return serverName(given, marker) === server.name ? given : server.name;
}
