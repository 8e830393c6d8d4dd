import type { ObjectLiteral } from 'typeorm';
import type { Session } from './database';
import { findRows } from './rows';
import { columnsOf, quoted, shapeOf } from './table-shape';

/**
 * Reads one row, by its id or by the columns of its key, and keeps others from changing it until the transaction ends.
 * On SQLite the transaction holds the only write lock already.
 */
export async function lockRow<Row extends ObjectLiteral>(
  session: Session,
  table: string,
  key: string | Readonly<Record<string, string>>,
): Promise<Row | null> {
  const parameters = typeof key === 'string' ? { id: key } : key;
  const shape = shapeOf(session, table);
  const equals = (property: string): string[] =>
    columnsOf(shape, property).map((column) => `${quoted(session.connection, column)} = :${property}`);
  const where = Object.keys(parameters).flatMap(equals);
  const lock = session.connection.options.type === 'mysql' ? ' FOR UPDATE' : '';
  const [row] = await findRows<Row>(session, table, where.join(' AND ') + lock, parameters);
  return row ?? null;
}
