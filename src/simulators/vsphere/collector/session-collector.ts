import type { ManagedObject } from '../objects/object-store';
import { notAuthenticated } from '../service/dispatcher';
import type { ServiceCall } from '../service/service-method';
import type { SessionObject } from '../service/session';
import { VimFault } from '../vim/fault';
import { refKey } from '../vim/value-kinds';
import { array, struct } from '../vim/values';
import type { MoRef, VimStruct } from '../vim/values';
import type { PropertyFilter } from './property-filter';
import { Retrievals } from './retrievals';

/** Counts for all collectors together, so that no version of one can pass for that of another. */
let lastVersion = 0;

/** A property collector as one session knows it: its filters, and the state that its client has been told. */
export class SessionCollector implements SessionObject {
  readonly retrievals = new Retrievals();
  private readonly filters = new Map<string, PropertyFilter>();
  private waiting: AbortController | null = null;
  private version: string | null = null;
  /** The last answer and the version that it was an answer to: a client that lost it asks with that once more. */
  private last: { readonly from: string; readonly updates: VimStruct } | null = null;

  constructor(readonly ref: MoRef) {}

  picture(): ManagedObject {
    const filters = [...this.filters.values()].map((filter) => filter.ref);
    return { ref: this.ref, properties: new Map([['filter', array('ManagedObjectReference', filters)]]) };
  }

  addFilter(filter: PropertyFilter): void {
    this.filters.set(refKey(filter.ref), filter);
  }

  /** The references of its filters. */
  filterRefs(): readonly MoRef[] {
    return [...this.filters.values()].map((filter) => filter.ref);
  }

  removeFilter(ref: MoRef): void {
    this.filters.delete(refKey(ref));
  }

  dispose(): void {
    this.cancel();
  }

  /** The call that waits, if any, faults RequestCanceled. */
  cancel(): void {
    this.waiting?.abort(new VimFault('RequestCanceled', {}, 'The request was canceled.'));
    this.waiting = null;
  }

  /** Only one call waits at a time: a later one takes the place of the earlier. The signal's reason is a fault. */
  startWaiting(): AbortSignal {
    this.cancel();
    this.waiting = new AbortController();
    return this.waiting.signal;
  }

  /**
   * Takes the version that a client knows. Gives the answer again that a client has lost, or null to go on.
   * @param version empty to be told everything
   * @throws VimFault InvalidCollectorVersion
   */
  resume(version: string): VimStruct | null {
    if (version === '') {
      this.version = null;
      this.last = null;
      for (const filter of this.filters.values()) filter.restart();
      return null;
    }
    if (version === this.version) return null;
    if (version === this.last?.from) return this.last.updates;
    throw new VimFault('InvalidCollectorVersion', {}, `The version ${version} is not known or stale.`);
  }

  /** An `UpdateSet` of at most so many objects; null when nothing is new. */
  take(maxObjects: number): VimStruct | null {
    const filterSet: VimStruct[] = [];
    let left = maxObjects;
    for (const filter of this.filters.values()) {
      filter.refresh();
      const taken = left > 0 ? filter.take(left) : null;
      if (!taken) continue;
      filterSet.push(taken.update);
      left -= taken.objects;
    }
    if (filterSet.length === 0) return null;
    lastVersion += 1;
    const version = String(lastVersion);
    const truncated = [...this.filters.values()].some((filter) => filter.hasNews()) || undefined;
    const updates = struct('UpdateSet', {
      version,
      filterSet: array('PropertyFilterUpdate', filterSet),
      truncated,
    });
    this.last = { from: this.version ?? '', updates };
    this.version = version;
    return updates;
  }
}

/** The collector that a call is for. The one that all share by name is each session's own all the same. */
export function collectorOf(call: ServiceCall): SessionCollector {
  const { session, self } = call;
  if (!session) throw notAuthenticated(self);
  const known = session.get(self);
  if (known instanceof SessionCollector) return known;
  const collector = new SessionCollector(self);
  session.own(collector);
  return collector;
}
