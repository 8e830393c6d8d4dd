import type { PlacedEvent } from './event';
import type { EventFeed } from './event-feed';
import type { EventFilter } from './event-filter';

const PAGE = 200;

interface ReplayEventsOptions {
  readonly filter: EventFilter;
  /** The last position that the subscriber has seen. */
  readonly after: number;
  /** Who falls further behind than this many events is moved on to the newest that fits; null moves nobody on. */
  readonly maxBacklog: number | null;
  readonly signal: AbortSignal;
}

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
 * Where nobody ever was: whoever comes from there has missed something nobody knows of, and begins with what comes next.
 */
export const NOWHERE = -1;

async function isTruncated(feed: EventFeed, after: number): Promise<boolean> {
  return !feed.remembers(after) && after < (await feed.prunedThrough());
}

/** Where one who is too far behind goes on, and whether it misses something by that: only what fits can be missed. */
async function movedOn(
  feed: EventFeed,
  cursor: number,
  filter: EventFilter,
): Promise<{ readonly cursor: number; readonly lagged: boolean }> {
  const { head } = feed;
  const newest = await feed.newestAfter(cursor, filter);
  return newest ? { cursor: newest.position - 1, lagged: true } : { cursor: head, lagged: false };
}

/**
 * Everything since `after` that there is by now, in order, without gaps unless an item says so; ends with the
 * position reached. Pulls from the outbox at the subscriber's own pace, so that a slow one holds no queue. Where
 * events are missing it waits for one that fits, because only then can it say so.
 */
export async function* replayEvents(
  feed: EventFeed,
  { filter, after, maxBacklog, signal }: ReplayEventsOptions,
): AsyncGenerator<StreamItem, number> {
  let lagged = after === NOWHERE;
  let cursor = lagged ? feed.head : after;
  while (!signal.aborted && !feed.isClosed) {
    const head = feed.head;
    if (maxBacklog !== null && head - cursor > maxBacklog) {
      const moved = await movedOn(feed, cursor, filter);
      lagged ||= moved.lagged;
      cursor = moved.cursor;
    }
    const events = await feed.readAfter(cursor, PAGE, filter);
    // Asked each time, and after reading: what was forgotten meanwhile is not among them.
    lagged ||= await isTruncated(feed, cursor);
    for (const event of events) {
      if (signal.aborted) return cursor;
      yield { lagged, event };
      lagged = false;
      cursor = event.position;
    }
    if (events.length === PAGE) continue;
    cursor = Math.max(cursor, head);
    if (!lagged) return cursor;
    cursor = await feed.beyond(cursor, signal, filter);
  }
  return cursor;
}

/** Everything since `after`, then what happens. */
export async function* streamEvents(feed: EventFeed, options: StreamOptions): AsyncGenerator<StreamItem> {
  const { filter, signal } = options;
  let cursor = options.after ?? feed.head;
  let maxBacklog = cursor >= feed.head ? options.maxBacklog : null;
  while (!signal.aborted && !feed.isClosed) {
    cursor = yield* replayEvents(feed, { filter, after: cursor, maxBacklog, signal });
    maxBacklog = options.maxBacklog;
    cursor = await feed.beyond(cursor, signal, filter);
  }
}
