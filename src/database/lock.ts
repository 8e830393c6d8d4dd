import type { ObjectLiteral } from 'typeorm';
import type { Session } from './database';

/**
 * Reads one row, by its id or by the columns of its key, and keeps others from changing it until the transaction ends.
 * On SQLite the transaction holds the only write lock already.
 */
export async function lockRow<Row extends ObjectLiteral>(
  session: Session,
  table: string,
  key: string | Readonly<Record<string, string>>,
): Promise<Row | null> {
  const query = session
    .createQueryBuilder<Row>(table, 'locked')
    .where(typeof key === 'string' ? { id: key } : key);
  if (session.connection.options.type === 'mysql') query.setLock('pessimistic_write');
  return query.getOne();
}
