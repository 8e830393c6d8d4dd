import { setTimeout as sleep } from 'node:timers/promises';
import { TransportError, VimFault } from '../errors';
import type { FollowOptions, ObjectUpdate } from '../object-update';
import type { ManagedType, PropertyPath } from '../schema/properties';
import type { UpdateSet } from '../schema/property-collector';
import type { MoRef } from '../schema/schema';
import type { Caller } from '../session/caller';
import type { Live } from '../session/live';
import { isLostSession, refuseUnauthenticated } from '../session/lost-session';
import { createView } from './contained';
import { viewSpec } from './filter-specs';

const MAX_WAIT_SECONDS = 60;
/** Objects of one set, however many pieces it comes in: far more than any inventory has. */
const MAX_UPDATES = 1_000_000;
/** A server that answers at once that nothing has changed is not asked at once again. */
const LEAST_WAIT_MS = 250;

/**
 * Follows a container by a property collector of its own, so that no other work disturbs its versions. The first set
 * is what there is, an empty one where there is nothing.
 * @param caller with a connection of its own: a wait occupies it nearly always
 */
export async function* follow<T extends ManagedType, P extends PropertyPath<T>>(
  caller: Caller,
  options: FollowOptions<T, P>,
  callTimeoutMs: number,
  signal: AbortSignal,
): AsyncGenerator<readonly ObjectUpdate<T>[]> {
  const seconds = options.maxWaitSeconds ?? MAX_WAIT_SECONDS;
  const live = await caller.begin({ signal });
  const waiting = caller.live(live.login, { signal, timeoutMs: seconds * 1_000 + callTimeoutMs });
  const made: Made = { view: null, collector: null };
  try {
    made.view = await createView(live, options.container, options.type);
    made.collector = await live.call('CreatePropertyCollector', live.login.content.propertyCollector, {});
    const spec = viewSpec(made.view, options.type, options.paths);
    await live.call('CreateFilter', made.collector, { spec, partialUpdates: false });
    yield* updates<T>(waiting, made.collector, seconds);
  } catch (error) {
    if (isLostSession(error)) caller.lost(live);
    throw error;
  } finally {
    live.release((later) => cleanUp(later, made));
  }
}

interface Made {
  view: MoRef | null;
  collector: MoRef | null;
}

/** A wait goes on without us, and keeps some servers from destroying its collector. */
async function cleanUp(live: Live, { view, collector }: Made): Promise<void> {
  if (collector !== null) {
    await live.call('CancelWaitForUpdates', collector, {});
    await live.call('DestroyPropertyCollector', collector, {});
  }
  if (view !== null) await live.call('DestroyView', view, {});
}

async function* updates<T extends ManagedType>(
  live: Live,
  collector: MoRef,
  seconds: number,
): AsyncGenerator<readonly ObjectUpdate<T>[]> {
  // The first wait takes no time, so that an empty container is told as such.
  let maxWaitSeconds = 0;
  let version = '';
  for (;;) {
    const batch: ObjectUpdate<T>[] = [];
    const begun = performance.now();
    let pieces = 0;
    let set: UpdateSet | null;
    do {
      set = await live.call('WaitForUpdatesEx', collector, { version, options: { maxWaitSeconds } });
      if (set === null) break;
      version = set.version;
      append(batch, set);
      pieces += 1;
      if (Math.max(batch.length, pieces) > MAX_UPDATES)
        throw new TransportError('BAD_ANSWER', 'The set of updates does not end.', { sent: true });
    } while (set.truncated === true);
    if (batch.length > 0 || maxWaitSeconds === 0) yield batch;
    const tookMs = performance.now() - begun;
    if (batch.length === 0 && maxWaitSeconds > 0 && tookMs < LEAST_WAIT_MS) await sleep(LEAST_WAIT_MS);
    maxWaitSeconds = seconds;
  }
}

function append<T extends ManagedType>(batch: ObjectUpdate<T>[], set: UpdateSet): void {
  for (const filter of set.filterSet) {
    refuseUnauthenticated('WaitForUpdatesEx', filter.objectSet);
    for (const missing of filter.missingSet)
      if (missing.fault.fault.$type === 'NotAuthenticated')
        throw new VimFault('WaitForUpdatesEx', missing.fault);
    for (const { kind, obj, changeSet } of filter.objectSet)
      batch.push({
        kind: kind as ObjectUpdate['kind'],
        ref: obj as MoRef<T>,
        changed: changeSet.map(({ name, val }) => ({ path: name, value: val })),
      });
  }
}
