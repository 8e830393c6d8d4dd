import { VimFault } from '../errors';
import type { LocalizedFault } from '../schema/faults';

/** What lives and dies with a session. */
const SESSION_SCOPED: ReadonlySet<string> = new Set([
  'ContainerView',
  'ListView',
  'InventoryView',
  'PropertyCollector',
  'PropertyFilter',
]);

/**
 * Whether an error says that the server has lost our session: NotAuthenticated, or a view or a collector of ours that
 * it does not know any more. Nothing was done then, so that even a mutation may be repeated after a new login.
 */
export function isLostSession(error: unknown): error is VimFault {
  if (!(error instanceof VimFault)) return false;
  if (error.type === 'NotAuthenticated') return true;
  return error.type === 'ManagedObjectNotFound' && SESSION_SCOPED.has(error.fault.obj?.type ?? '');
}

/**
 * Says of any lost session what the plainest shape says: that a view of ours is gone must not be taken for the absence
 * of what was looked for.
 */
export function asNotAuthenticated({ type, method, message }: VimFault): VimFault {
  return new VimFault(method, {
    fault: { $type: 'NotAuthenticated' },
    localizedMessage: `${type}: ${message}`,
  });
}

interface WithMissing {
  readonly missingSet: readonly { readonly fault: LocalizedFault }[];
}

/**
 * The third shape of a lost session: an answer with the status 200 that lacks all that was asked for.
 * @throws VimFault NotAuthenticated
 */
export function refuseUnauthenticated(method: string, objects: readonly WithMissing[]): void {
  for (const { missingSet } of objects)
    for (const { fault } of missingSet)
      if (fault.fault.$type === 'NotAuthenticated') throw new VimFault(method, fault);
}
