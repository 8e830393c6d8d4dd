import type { ManagedObject } from '../objects/object-store';
import type { ServiceCall } from '../service/service-method';
import type { SessionObject } from '../service/session';
import { notAuthenticated } from '../service/dispatcher';
import type { MoRef } from '../vim/values';
import { Retrievals } from './retrievals';

/** A property collector as one session knows it. */
export class SessionCollector implements SessionObject {
  readonly retrievals = new Retrievals();

  constructor(readonly ref: MoRef) {}

  picture(): ManagedObject {
    return { ref: this.ref, properties: new Map() };
  }

  dispose(): void {
    // Nothing waits here yet.
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
