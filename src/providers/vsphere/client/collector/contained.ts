import type { RetrievedObject } from '../object-update';
import type { CallOptions } from '../options';
import type { ManagedType, PropertyPath } from '../schema/properties';
import type { ObjectContent } from '../schema/property-collector';
import type { MoRef } from '../schema/schema';
import type { Caller } from '../session/caller';
import type { Live } from '../session/live';
import { asNotAuthenticated, isLostSession } from '../session/lost-session';
import { objectsSpec, viewSpec } from './filter-specs';
import { propertiesOf } from './properties-of';
import { retrievePages } from './retrieve-pages';

/** The references of what lies in a container, at any depth. */
export async function listContained<T extends ManagedType>(
  caller: Caller,
  container: MoRef,
  type: T,
  call: CallOptions,
): Promise<readonly MoRef<T>[]> {
  return caller.inSession(call, (live) =>
    withView(live, container, type, async (view) => {
      const refs: MoRef<T>[] = [];
      for await (const [content] of retrievePages(live, objectsSpec([view], ['view'])))
        refs.push(...((content?.propSet[0]?.val ?? []) as readonly MoRef<T>[]));
      return refs;
    }),
  );
}

/**
 * The objects of a container with their properties. Where the session is lost between two pages it begins again, and
 * passes over what it has told already.
 */
export async function* retrieveContained<T extends ManagedType, P extends PropertyPath<T>>(
  caller: Caller,
  container: MoRef,
  type: T,
  paths: readonly P[],
  call: CallOptions,
): AsyncGenerator<RetrievedObject<T, P>> {
  const told = new Set<string>();
  const wanted = new Set<string>(paths);
  for await (const { obj, propSet } of contentsOf(caller, container, type, paths, call)) {
    if (told.has(obj.value)) continue;
    told.add(obj.value);
    yield { ref: obj as MoRef<T>, properties: propertiesOf(propSet, wanted) };
  }
}

/** What the pages hold; from the first page again, once, where the session has been lost. */
async function* contentsOf(
  caller: Caller,
  container: MoRef,
  type: ManagedType,
  paths: readonly string[],
  call: CallOptions,
): AsyncGenerator<ObjectContent> {
  const live = await caller.begin(call);
  try {
    yield* contentsOnce(live, container, type, paths);
    return;
  } catch (error) {
    if (!isLostSession(error)) throw error;
    caller.lost(live);
  }
  const again = await caller.begin(call);
  try {
    yield* contentsOnce(again, container, type, paths);
  } catch (error) {
    if (!isLostSession(error)) throw error;
    caller.lost(again);
    throw asNotAuthenticated(error);
  }
}

async function* contentsOnce(
  live: Live,
  container: MoRef,
  type: ManagedType,
  paths: readonly string[],
): AsyncGenerator<ObjectContent> {
  const view = await createView(live, container, type);
  try {
    for await (const page of retrievePages(live, viewSpec(view, type, paths))) yield* page;
  } finally {
    live.release((later) => later.call('DestroyView', view, {}));
  }
}

export async function createView(live: Live, container: MoRef, type: string): Promise<MoRef> {
  const { viewManager } = live.login.content;
  if (viewManager === undefined) throw new TypeError('The server has no views.');
  return live.call('CreateContainerView', viewManager, { container, type: [type], recursive: true });
}

async function withView<R>(
  live: Live,
  container: MoRef,
  type: string,
  work: (view: MoRef) => Promise<R>,
): Promise<R> {
  const view = await createView(live, container, type);
  try {
    return await work(view);
  } finally {
    live.release((later) => later.call('DestroyView', view, {}));
  }
}
