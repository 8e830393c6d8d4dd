import { VimFault } from '../errors';
import type { CallOptions } from '../options';
import type { ManagedType, PropertiesOf, PropertyPath } from '../schema/properties';
import type { ObjectContent } from '../schema/property-collector';
import type { MoRef } from '../schema/schema';
import type { Caller } from '../session/caller';
import type { Live } from '../session/live';
import { objectsSpec } from './filter-specs';
import { propertiesOf } from './properties-of';
import { retrievePages } from './retrieve-pages';

/** Larger ones gain nothing, and the server limits the elements of a request. */
const CHUNK = 500;
const AT_ONCE = 4;

/** Objects by reference, in chunks of which some are under way at once. */
export async function readObjects<T extends ManagedType, P extends PropertyPath<T>>(
  caller: Caller,
  refs: readonly MoRef<T>[],
  paths: readonly P[],
  call: CallOptions,
): Promise<Map<string, PropertiesOf<T, P>>> {
  const found = new Map<string, PropertiesOf<T, P>>();
  const wanted = new Set<string>(paths);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < refs.length) {
      const chunk = refs.slice(next, next + CHUNK);
      next += CHUNK;
      const contents = await caller.inSession(call, (live) => readChunk(live, chunk, paths));
      for (const { obj, propSet } of contents) found.set(obj.value, propertiesOf(propSet, wanted));
    }
  };
  const giveUp = (error: unknown): never => {
    next = refs.length;
    throw error;
  };
  const workers = Math.min(AT_ONCE, Math.ceil(refs.length / CHUNK));
  await Promise.all(Array.from({ length: workers }, () => work().catch(giveUp)));
  return found;
}

async function readChunk(
  live: Live,
  refs: readonly MoRef[],
  paths: readonly string[],
): Promise<ObjectContent[]> {
  let left = refs;
  while (left.length > 0) {
    try {
      return await retrieveAll(live, left, paths);
    } catch (error) {
      // Some servers refuse all for the sake of one that is gone.
      const gone =
        error instanceof VimFault && error.type === 'ManagedObjectNotFound' ? error.fault.obj : null;
      const rest = left.filter((ref) => ref.value !== gone?.value);
      if (rest.length === left.length) throw error;
      left = rest;
    }
  }
  return [];
}

async function retrieveAll(
  live: Live,
  refs: readonly MoRef[],
  paths: readonly string[],
): Promise<ObjectContent[]> {
  const contents: ObjectContent[] = [];
  for await (const page of retrievePages(live, objectsSpec(refs, paths))) contents.push(...page);
  return contents;
}
