import type { Placed, TenantScope } from '../kernel';
import type { PlacedEvent } from './event';
import type { EventCursors } from './event-cursor';
import type { EventFeed } from './event-feed';
import type { EventFilter } from './event-filter';
import { NOWHERE } from './event-stream';
import type { StreamItem } from './event-stream';
import { ResumableStream } from './resumable-stream';

/** What every subscription to events may ask for. */
export interface EventsQuery {
  readonly tenantId: string | null;
  readonly after: string | null;
}

/** What every subscriber is told. */
export interface ToldEvent {
  /** Handed back as `after`, it goes on behind this event. */
  readonly cursor: string;
  readonly kind: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface ObjectEventStreamsOptions {
  readonly feed: EventFeed;
  readonly cursors: EventCursors;
  /** Rejects with NOT_FOUND naming the field, for a tenant that there is not or that the scope must not know of. */
  readonly requireTenant: (scope: TenantScope, id: string, field: string) => Promise<unknown>;
  /** A live subscriber that is further behind than this many events is moved on, and told so. */
  readonly maxBacklog: number;
}

/** A query whose tenant and cursor hold. */
interface Admitted {
  /** Undefined stands for every tenant. */
  readonly tenantId: string | undefined;
  /**
   * The position behind which to begin; null begins with what comes next. NOWHERE for a cursor of events that are not on
   * record any more, because the database was restored.
   */
  readonly after: number | null;
}

/** One noun's subscription: which events, and what they are to those who hear of them. */
interface Telling<E extends ToldEvent> {
  readonly filter: EventFilter;
  readonly after: number | null;
  readonly toEvent: (told: ToldEvent, event: PlacedEvent) => E;
  readonly isLast?: (event: E) => boolean;
}

/** What the event streams of all objects have in common: who may listen, from where, and what LAGGED looks like. */
export class ObjectEventStreams {
  constructor(private readonly options: ObjectEventStreamsOptions) {}

  /** @throws NOT_FOUND for a tenant that the scope must not see, INVALID_ARGUMENT for a bad cursor */
  async admit(scope: TenantScope, query: EventsQuery): Promise<Admitted> {
    const after = query.after === null ? null : await this.locate(query.after);
    const tenantId =
      query.tenantId === null && scope.isAdministrator
        ? undefined
        : scope.resolveTenant(query.tenantId, 'tenantId');
    // An administrator's slip of the pen would otherwise be a tenant to which nothing ever happens.
    if (tenantId !== undefined) await this.options.requireTenant(scope, tenantId, 'tenantId');
    return { tenantId, after };
  }

  private async locate(cursor: string): Promise<number> {
    const { cursors, feed } = this.options;
    const after = cursors.decode(cursor, 'after');
    return (await feed.reaches(after)) ? after : NOWHERE;
  }

  open<E extends ToldEvent>(scope: TenantScope, telling: Telling<E>): ResumableStream<E> {
    const { feed, maxBacklog } = this.options;
    return new ResumableStream<E>({
      ...{ feed, maxBacklog, filter: telling.filter },
      after: telling.after ?? feed.head,
      tell: (item) => this.tell(scope, item, telling),
      isLast: telling.isLast ?? (() => false),
    });
  }

  /** The tenant is checked once more for each event: a filter that was wrong must not become a leak. */
  private tell<E extends ToldEvent>(
    scope: TenantScope,
    { event, lagged }: StreamItem,
    { filter, toEvent }: Telling<E>,
  ): Placed<E>[] {
    if (!scope.sees(event.tenantId)) return [];
    const { kind, at, position } = event;
    const placed = (kindTold: string, behind: number): Placed<E> => ({
      value: toEvent({ cursor: this.options.cursors.encode(behind), kind: kindTold, at }, event),
      position: behind,
      lagged: kindTold === 'LAGGED',
    });
    const own = placed(kind, position);
    // Nothing of an object can be missing before its first event.
    const isWhole = filter.subjectId !== undefined && event.sequence === 1;
    return lagged && !isWhole ? [placed('LAGGED', position - 1), own] : [own];
  }
}
