import { IsNull, LessThan, LessThanOrEqual, MoreThan } from 'typeorm';
import type { FindOptionsWhere } from 'typeorm';
import { findRows, insertRows, updateRows } from '../database';
import type { Session } from '../database';
import { newId } from '../kernel';
import type { EventDraft, PlacedEvent } from './event';
import type { EventFilter } from './event-filter';
import type { OutboxHeadRow, OutboxRow } from './outbox.table';

/** The row that holds the newest position, and the one that holds the newest position no longer kept. */
const HEAD = 'head';
const PRUNED = 'pruned';
/** Rows that one statement places. */
const UPDATE_BATCH = 100;

function toPlaced(row: OutboxRow): PlacedEvent {
  return { ...row, position: row.position ?? 0 };
}

function fitting({ topic, tenantId, subjectId }: EventFilter): FindOptionsWhere<OutboxRow> {
  return {
    topic,
    ...(tenantId === undefined ? {} : { tenantId }),
    ...(subjectId === undefined ? {} : { subjectId }),
  };
}

/** Keeps the order of the subject's own sequence, whatever the clocks of several database nodes said. */
function inOrder(rows: OutboxRow[]): OutboxRow[] {
  const bySubject = new Map<string, OutboxRow[]>();
  for (const row of rows) {
    const own = bySubject.get(row.subjectId) ?? [];
    own.push(row);
    bySubject.set(row.subjectId, own);
  }
  for (const own of bySubject.values()) own.sort((a, b) => b.sequence - a.sequence);
  return rows.flatMap((row) => bySubject.get(row.subjectId)?.pop() ?? []);
}

export class OutboxStore {
  /** Writes events beside the changes that they tell of, in the same transaction. */
  async append(session: Session, ...drafts: readonly EventDraft[]): Promise<void> {
    const rows = drafts.map((draft): OutboxRow => ({ id: newId('event'), position: null, ...draft }));
    await insertRows<OutboxRow>(session, 'Outbox', rows);
  }

  async hasUnplaced(session: Session): Promise<boolean> {
    return session.exists<OutboxRow>('Outbox', { where: { position: IsNull() } });
  }

  /**
   * Gives the next positions to at most `limit` committed events. The lock on the head row lets one process do
   * so at a time; an event becomes visible to subscribers only here, so positions never appear out of order.
   */
  async placeNext(session: Session, limit: number): Promise<PlacedEvent[]> {
    const head = await this.lockHead(session);
    const unplaced = `position IS NULL ORDER BY at, id LIMIT ${limit}`;
    const rows = await findRows<OutboxRow>(session, 'Outbox', unplaced, {});
    const ordered = inOrder(rows);
    for (const [index, row] of ordered.entries()) row.position = head + index + 1;
    for (let from = 0; from < ordered.length; from += UPDATE_BATCH) {
      await this.writePositions(session, ordered.slice(from, from + UPDATE_BATCH));
    }
    if (ordered.length > 0) {
      await session.update<OutboxHeadRow>('OutboxHead', { name: HEAD }, { position: head + ordered.length });
    }
    return ordered.map(toPlaced);
  }

  /** In one statement: one for each row would be what limits the events of the whole installation. */
  private async writePositions(session: Session, rows: readonly OutboxRow[]): Promise<void> {
    const cases = rows.map((_, index) => `WHEN :id${index} THEN :position${index}`);
    const named = Object.fromEntries<unknown>(
      rows.flatMap(({ id, position }, index) => [
        [`id${index}`, id],
        [`position${index}`, position],
      ]),
    );
    const position = (): string => `CASE id ${cases.join(' ')} END`;
    const parameters = { ...named, ids: rows.map(({ id }) => id) };
    await updateRows<OutboxRow>(session, 'Outbox', { position }, 'id IN (:...ids)', parameters);
  }

  private async lockHead(session: Session): Promise<number> {
    const query = session
      .createQueryBuilder<OutboxHeadRow>('OutboxHead', 'head')
      .where('head.name = :name', { name: HEAD });
    // SQLite's transactions hold the one write lock already, and it knows no FOR UPDATE.
    if (session.connection.options.type === 'mysql') query.setLock('pessimistic_write');
    return (await query.getOneOrFail()).position;
  }

  /** The position of the newest placed event; 0 before the first. */
  async head(session: Session): Promise<number> {
    return this.marker(session, HEAD);
  }

  /** Events up to this position are no longer kept; 0 while all are. */
  async prunedThrough(session: Session): Promise<number> {
    return this.marker(session, PRUNED);
  }

  private async marker(session: Session, name: string): Promise<number> {
    const row = await session.findOne<OutboxHeadRow>('OutboxHead', { where: { name } });
    return row?.position ?? 0;
  }

  /** At most `limit` events behind `after`, in order. Without a filter: all of them. */
  async readAfter(
    session: Session,
    after: number,
    limit: number,
    filter: EventFilter | null,
  ): Promise<PlacedEvent[]> {
    const where = { ...(filter ? fitting(filter) : {}), position: MoreThan(after) };
    const rows = await session.find<OutboxRow>('Outbox', { where, order: { position: 'ASC' }, take: limit });
    return rows.map(toPlaced);
  }

  /** The newest placed event behind `after` that fits, or null. */
  async newestAfter(session: Session, after: number, filter: EventFilter): Promise<PlacedEvent | null> {
    const where = { ...fitting(filter), position: MoreThan(after) };
    const row = await session.findOne<OutboxRow>('Outbox', { where, order: { position: 'DESC' } });
    return row && toPlaced(row);
  }

  /** The newest event of a subject that is still kept, placed or not; null when there is none. */
  async lastOf(
    session: Session,
    subjectId: string,
  ): Promise<(EventDraft & { position: number | null }) | null> {
    return session.findOne<OutboxRow>('Outbox', { where: { subjectId }, order: { sequence: 'DESC' } });
  }

  /** Forgets placed events older than `before` and remembers that history now begins later. */
  async prune(session: Session, before: number): Promise<number> {
    const newest = await session
      .createQueryBuilder<OutboxRow>('Outbox', 'event')
      .where('event.position IS NOT NULL AND event.at < :before', { before })
      .select('MAX(event.position)', 'position')
      .getRawOne<{ position: string | number | null }>();
    const through = Number(newest?.position ?? 0);
    if (through === 0) return 0;
    const deleted = await session.delete<OutboxRow>('Outbox', { position: LessThanOrEqual(through) });
    // Never back: another process that prunes at the same time may have come further.
    const marker = { name: PRUNED, position: LessThan(through) };
    await session.update<OutboxHeadRow>('OutboxHead', marker, { position: through });
    return deleted.affected ?? 0;
  }
}
