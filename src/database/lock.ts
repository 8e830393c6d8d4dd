import type { ObjectLiteral } from 'typeorm';
import type { Session } from './database';

/**
 * Reads one row and keeps others from changing it until the transaction ends. On SQLite the transaction holds the
 * only write lock already.
 */
export async function lockRow<Row extends ObjectLiteral>(
  session: Session,
  table: string,
  id: string,
): Promise<Row | null> {
  const query = session.createQueryBuilder<Row>(table, 'locked').where('locked.id = :id', { id });
  if (session.connection.options.type === 'mysql') query.setLock('pessimistic_write');
  return query.getOne();
}
