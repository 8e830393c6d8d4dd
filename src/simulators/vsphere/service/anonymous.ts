import type { MoRef } from '../vim/values';

/** The properties that need the privilege System.Anonymous only, so that a client can find its way to the login. */
const ANONYMOUS: ReadonlySet<string> = new Set([
  'ServiceInstance.capability',
  'ServiceInstance.content',
  'SessionManager.currentSession',
  'SessionManager.defaultLocale',
]);

/** @param path a property's path; what lies inside a readable property is readable too */
export function mayReadAnonymously(ref: MoRef, path: string): boolean {
  const [property = ''] = path.split(/[.[]/, 1);
  return ANONYMOUS.has(`${ref.$ref}.${property}`);
}
