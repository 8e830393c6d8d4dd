import type { Database, Session } from '../database';
import type { Logger } from '../kernel';
import type { EventDraft, PlacedEvent } from './event';
import { fits } from './event-filter';
import type { EventFilter } from './event-filter';
import { EventWaiters } from './event-waiters';
import { OutboxStore } from './outbox.store';

const BATCH = 500;
/** How many of the newest events are kept in memory, so that a caught-up subscriber costs no query. */
const RECENT = 2_000;

export interface EventFeedOptions {
  readonly database: Database;
  readonly logger: Logger;
  /** How often to look for events of other processes, in milliseconds. */
  readonly pollMs: number;
  /** Called when this process has made events visible, for everybody. */
  readonly onPlaced?: () => void;
}

/** One process's view of the stream of events: places committed ones, and wakes those who wait for more. */
export class EventFeed {
  readonly outbox = new OutboxStore();
  private recent: PlacedEvent[] = [];
  private newest = 0;
  private readonly waiters = new EventWaiters();
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private again = false;
  private closed = false;

  constructor(private readonly options: EventFeedOptions) {}

  /** The newest position that this process knows of. */
  get head(): number {
    return this.newest;
  }

  async start(): Promise<void> {
    this.newest = await this.outbox.head(this.options.database.reader);
    this.timer = setInterval(() => this.wake(), this.options.pollMs);
    this.wake();
  }

  /** Writes events in the caller's transaction and sees to their delivery after the commit. */
  async append(session: Session, ...drafts: readonly EventDraft[]): Promise<void> {
    await this.outbox.append(session, ...drafts);
    this.options.database.afterCommit(session, () => this.wake());
  }

  /**
   * Looks for new events soon; calls while it is looking are folded into one more look. A hint and no more: whoever
   * hears of events elsewhere may call it at any time, and what it is not told the next tick finds.
   */
  wake(): void {
    if (this.closed) return;
    this.again = true;
    this.running ??= this.drain().finally(() => {
      this.running = null;
      if (this.again) this.wake();
    });
  }

  private async drain(): Promise<void> {
    while (this.again && !this.closed) {
      this.again = false;
      try {
        await this.pass();
      } catch (error) {
        this.options.logger.warn(
          { err: error },
          'The event feed could not read; it tries again at the next tick.',
        );
        return;
      }
    }
  }

  private async pass(): Promise<void> {
    const { database } = this.options;
    if (await this.outbox.hasUnplaced(database.reader)) {
      const placed = await database.transaction((session) => this.outbox.placeNext(session, BATCH));
      if (placed.length === BATCH) this.again = true;
      if (placed.length > 0) this.options.onPlaced?.();
      // Nothing lies between what is known and what was placed just now: no need to read it back.
      if (placed[0]?.position === this.newest + 1) return this.remember(placed);
    }
    const events = await this.outbox.readAfter(database.reader, this.newest, BATCH, null);
    if (events.length === BATCH) this.again = true;
    if (events.length > 0) this.remember(events);
  }

  private remember(events: PlacedEvent[]): void {
    const follows = events[0]?.position === this.newest + 1;
    this.recent = [...(follows ? this.recent : []), ...events].slice(-RECENT);
    this.newest = events.at(-1)?.position ?? this.newest;
    this.waiters.wake(events);
  }

  /** Whether everything behind `after` is in memory, and so cannot be missing. */
  remembers(after: number): boolean {
    const oldest = this.recent[0]?.position;
    return after >= this.newest || (oldest !== undefined && after >= oldest - 1);
  }

  /** Whether there is such a position: here already, or placed by another process a moment ago. */
  async reaches(position: number): Promise<boolean> {
    return position <= this.newest || position <= (await this.outbox.head(this.options.database.reader));
  }

  /** At most `limit` events behind `after` that fit the filter: from memory when it reaches back far enough. */
  async readAfter(after: number, limit: number, filter: EventFilter): Promise<PlacedEvent[]> {
    if (!this.remembers(after)) {
      return this.outbox.readAfter(this.options.database.reader, after, limit, filter);
    }
    const oldest = this.recent[0]?.position ?? 0;
    const found: PlacedEvent[] = [];
    for (let index = after + 1 - oldest; index < this.recent.length && found.length < limit; index += 1) {
      const event = this.recent[index];
      if (event !== undefined && fits(event, filter)) found.push(event);
    }
    return found;
  }

  /** The newest event behind `after` that fits, or null. */
  newestAfter(after: number, filter: EventFilter): Promise<PlacedEvent | null> {
    return this.outbox.newestAfter(this.options.database.reader, after, filter);
  }

  /** The newest event of a subject that is still kept, null when none is; its position is null until it is placed. */
  lastOf(subjectId: string): ReturnType<OutboxStore['lastOf']> {
    return this.outbox.lastOf(this.options.database.reader, subjectId);
  }

  prunedThrough(): Promise<number> {
    return this.outbox.prunedThrough(this.options.database.reader);
  }

  /**
   * Resolves when there is something behind `after` that fits, when `signal` is aborted, or when the feed closes;
   * with the position up to which nothing more fits. A filter of null waits for any event.
   */
  beyond(after: number, signal: AbortSignal, filter: EventFilter | null = null): Promise<number> {
    if (this.newest > after || signal.aborted || this.closed) return Promise.resolve(after);
    return new Promise((resolve) => {
      const leave = (): void => {
        finish(null);
      };
      const finish = (position: number | null): void => {
        this.waiters.remove(filter, finish);
        signal.removeEventListener('abort', leave);
        resolve(position === null ? after : Math.max(after, position - 1));
      };
      this.waiters.add(filter, finish);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  get isClosed(): boolean {
    return this.closed;
  }

  async close(): Promise<void> {
    this.closed = true;
    if (this.timer) clearInterval(this.timer);
    this.waiters.wakeAll();
    await this.running;
  }
}
