import type { PlacedEvent } from './event';
import type { EventFeed } from './event-feed';
import type { EventFilter } from './outbox.store';

const PAGE = 200;

export interface StreamOptions {
  readonly filter: EventFilter;
  /** The last position that the subscriber has seen; null begins with what comes next. */
  readonly after: number | null;
  /** A live subscriber that falls further behind than this many events is moved on to the newest that fits. */
  readonly maxBacklog: number;
  readonly signal: AbortSignal;
}

/**
 * An event, or the news that some are missing: history was truncated, or the subscriber was too slow.
 * `lagged` stands before the first event that follows the gap.
 */
export interface StreamItem {
  readonly lagged: boolean;
  readonly event: PlacedEvent;
}

/**
 * Everything since `after`, then what happens, in order, without gaps unless an item says so. Pulls from the
 * outbox at the subscriber's own pace, so that a slow one holds no queue.
 */
export async function* streamEvents(feed: EventFeed, options: StreamOptions): AsyncGenerator<StreamItem> {
  const { filter, signal, maxBacklog } = options;
  let cursor = options.after ?? feed.head;
  let lagged = options.after !== null && options.after < (await feed.prunedThrough());
  let live = options.after === null;
  while (!signal.aborted && !feed.isClosed) {
    const head = feed.head;
    if (live && head - cursor > maxBacklog) {
      const newest = await feed.newestAfter(cursor, filter);
      // Only what fits can be missed.
      lagged ||= newest !== null;
      cursor = newest ? newest.position - 1 : head;
    }
    const events = await feed.readAfter(cursor, PAGE, filter);
    for (const event of events) {
      if (signal.aborted) return;
      yield { lagged, event };
      lagged = false;
      cursor = event.position;
    }
    if (events.length === PAGE) continue;
    cursor = Math.max(cursor, head);
    live = true;
    await feed.beyond(cursor, signal);
  }
}
