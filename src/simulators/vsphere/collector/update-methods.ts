import { child, textOf } from '../vim/element';
import type { MoRef, VimStruct } from '../vim/values';
import { invalidArgument, optionalInt, requireBoolean, requireChild } from '../service/arguments';
import { objectNotFound } from '../service/dispatcher';
import type { ServiceCall, ServiceTable } from '../service/service-method';
import { readFilterSpec } from './filter-spec';
import { PropertyFilter } from './property-filter';
import { SessionCollector, collectorOf } from './session-collector';
import { waitForChange } from './wait-for-change';

/** As for pages of properties: a client that does not name a limit still has to look for `truncated`. */
const DEFAULT_MAX_OBJECT_UPDATES = 100;
/** Longer than any call lasts; timers cannot do more. */
const MAX_WAIT_SECONDS = 2_000_000;

/** Reading properties as they change. */
export const updateMethods: readonly ServiceTable[] = [
  {
    type: 'PropertyCollector',
    methods: {
      CreatePropertyCollector: (call) => createCollector(call),
      DestroyPropertyCollector: (call) => destroyCollector(call),
      CreateFilter: (call) => createFilter(call),
      CheckForUpdates: (call) => waitForUpdates(call, 0, Number.MAX_SAFE_INTEGER),
      WaitForUpdates: (call) => waitForUpdates(call, null, Number.MAX_SAFE_INTEGER),
      WaitForUpdatesEx: (call) => waitForUpdatesEx(call),
      CancelWaitForUpdates: (call) => {
        collectorOf(call).cancel();
        return undefined;
      },
    },
  },
  {
    type: 'PropertyFilter',
    methods: {
      DestroyPropertyFilter: (call) => {
        destroyFilter(call, call.self);
        return undefined;
      },
    },
  },
];

function createCollector(call: ServiceCall): MoRef | undefined {
  const collector = call.session && new SessionCollector(call.session.newRef('PropertyCollector'));
  if (collector) call.session.own(collector);
  return collector?.ref;
}

function destroyCollector(call: ServiceCall): undefined {
  for (const filter of collectorOf(call).filterRefs()) destroyFilter(call, filter);
  call.session?.disown(call.self);
  return undefined;
}

function createFilter(call: ServiceCall): MoRef | undefined {
  const spec = readFilterSpec(requireChild(call.request, 'spec'));
  const partialUpdates = requireBoolean(call.request, 'partialUpdates');
  const { session } = call;
  if (!session) return undefined;
  const filter = new PropertyFilter(session.newRef('PropertyFilter'), spec, partialUpdates, call.scope);
  session.own(filter);
  collectorOf(call).addFilter(filter);
  session.changed();
  return filter.ref;
}

function destroyFilter(call: ServiceCall, ref: MoRef): void {
  if (!call.session?.get(ref)) throw objectNotFound(ref);
  for (const collector of call.session.ofType('PropertyCollector')) {
    if (collector instanceof SessionCollector) collector.removeFilter(ref);
  }
  call.session.disown(ref);
}

function waitForUpdatesEx(call: ServiceCall): Promise<VimStruct | undefined> {
  const options = child(call.request, 'options');
  const maxWait = options && optionalInt(options, 'maxWaitSeconds');
  const maxObjects = options && optionalInt(options, 'maxObjectUpdates');
  if (maxWait !== null && (maxWait < 0 || maxWait > MAX_WAIT_SECONDS))
    throw invalidArgument('options.maxWaitSeconds');
  if (maxObjects !== null && maxObjects <= 0) throw invalidArgument('options.maxObjectUpdates');
  return waitForUpdates(call, maxWait, maxObjects ?? DEFAULT_MAX_OBJECT_UPDATES);
}

/** @param maxWaitSeconds null to wait for as long as it takes */
async function waitForUpdates(
  call: ServiceCall,
  maxWaitSeconds: number | null,
  maxObjects: number,
): Promise<VimStruct | undefined> {
  const collector = collectorOf(call);
  const cancelled = collector.startWaiting();
  const lost = collector.resume(textOf(call.request, 'version')?.trim() ?? '');
  if (lost) return lost;
  const until = maxWaitSeconds === null ? null : performance.now() + maxWaitSeconds * 1_000;
  for (;;) {
    const updates = collector.take(maxObjects);
    if (updates) return updates;
    const left = until === null ? null : until - performance.now();
    if (left !== null && left <= 0) return undefined;
    await waitForChange(call, cancelled, left);
  }
}
