import type { Placed, ReplayOptions, ResumableSource } from '../kernel';
import type { EventFeed } from './event-feed';
import { interestOf } from './event-filter';
import type { EventFilter } from './event-filter';
import { replayEvents, streamEvents } from './event-stream';
import type { StreamItem } from './event-stream';
import { eventSubscription } from './event-subscription';

export interface ResumableStreamOptions<E> {
  readonly feed: EventFeed;
  readonly filter: EventFilter;
  /** The last position that the subscriber has seen. */
  readonly after: number;
  /** A live subscriber that is further behind than this many events is moved on, and told so. */
  readonly maxBacklog: number;
  /** What is told of an item: nothing, the event, or LAGGED and the event. */
  readonly tell: (item: StreamItem) => Placed<E>[];
  /** Whether nothing can follow on it. */
  readonly isLast: (value: E) => boolean;
}

/**
 * One subscriber's stream of events, which can be read in three ways: caught up with, followed, or iterated, which is
 * the one after the other.
 */
export class ResumableStream<E> implements ResumableSource<E>, AsyncIterableIterator<E, void> {
  readonly after: number;
  readonly topic: string;
  /** Made only for who iterates: thousands of subscribers never do. */
  private iterator: AsyncIterableIterator<E, void> | null = null;

  constructor(private readonly options: ResumableStreamOptions<E>) {
    this.after = options.after;
    this.topic = interestOf(options.filter);
  }

  async *replay(after: number, { wasLive, signal }: ReplayOptions): AsyncGenerator<Placed<E>, number | null> {
    const { feed, filter, maxBacklog } = this.options;
    const items = replayEvents(feed, { filter, after, signal, maxBacklog: wasLive ? maxBacklog : null });
    for (;;) {
      const item = await items.next();
      if (item.done === true) return item.value;
      if (yield* this.told(item.value)) return null;
    }
  }

  async *follow(after: number, signal: AbortSignal): AsyncGenerator<Placed<E>, void> {
    const { feed, filter, maxBacklog } = this.options;
    for await (const item of streamEvents(feed, { filter, after, maxBacklog, signal })) {
      if (yield* this.told(item)) return;
    }
  }

  /** Answers whether that was the last. */
  private *told(item: StreamItem): Generator<Placed<E>, boolean> {
    for (const told of this.options.tell(item)) {
      yield told;
      if (!told.lagged && this.options.isLast(told.value)) return true;
    }
    return false;
  }

  private async *values(signal: AbortSignal): AsyncGenerator<E, void> {
    for await (const { value } of this.follow(this.after, signal)) yield value;
  }

  private iterate(): AsyncIterableIterator<E, void> {
    return (this.iterator ??= eventSubscription((signal) => this.values(signal)));
  }

  next(): Promise<IteratorResult<E, void>> {
    return this.iterate().next();
  }

  return(): Promise<IteratorResult<E, void>> {
    return this.iterate().return?.() ?? Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
