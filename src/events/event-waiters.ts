import type { PlacedEvent } from './event';
import { interestOf, interestsIn } from './event-filter';
import type { EventFilter } from './event-filter';

/** Told the position of the event that it was woken for; null when there is none. */
export type Wake = (position: number | null) => void;

/** Those who wait for more, by what they wait for, so that an event costs nothing to whom it does not concern. */
export class EventWaiters {
  private readonly byInterest = new Map<string, Set<Wake>>();

  get size(): number {
    return [...this.byInterest.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** @param filter null waits for any event */
  add(filter: EventFilter | null, wake: Wake): void {
    const interest = interestOf(filter);
    const waiting = this.byInterest.get(interest) ?? new Set();
    this.byInterest.set(interest, waiting.add(wake));
  }

  remove(filter: EventFilter | null, wake: Wake): void {
    const interest = interestOf(filter);
    const waiting = this.byInterest.get(interest);
    waiting?.delete(wake);
    if (waiting?.size === 0) this.byInterest.delete(interest);
  }

  /** Wakes those whom one of the events concerns, and forgets them. */
  wake(events: readonly PlacedEvent[]): void {
    for (const event of events) {
      for (const interest of interestsIn(event)) this.release(interest, event.position);
    }
  }

  wakeAll(): void {
    for (const interest of [...this.byInterest.keys()]) this.release(interest, null);
  }

  private release(interest: string, position: number | null): void {
    const waiting = this.byInterest.get(interest);
    this.byInterest.delete(interest);
    for (const wake of waiting ?? []) wake(position);
  }
}
