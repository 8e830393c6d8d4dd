import type { ObjectLiteral } from 'typeorm';
import type { Session } from './database';

/** Inserts whole rows; columns that are left out become null. */
export async function insertRows<Row extends ObjectLiteral>(
  session: Session,
  table: string,
  rows: Partial<Row> | readonly Partial<Row>[],
): Promise<void> {
  // TypeORM's own type for values recurses into JSON columns, which `unknown` does not survive.
  if (!Array.isArray(rows) || rows.length > 0) await session.insert<Row>(table, rows as never);
}

/**
 * Updates the rows that fit `where` and tells how many did. A value may be a function that returns SQL.
 */
export async function updateRows<Row extends ObjectLiteral>(
  session: Session,
  table: string,
  patch: { readonly [Key in keyof Row]?: Row[Key] | (() => string) },
  where: string,
  parameters: Record<string, unknown>,
): Promise<number> {
  const result = await session
    .createQueryBuilder()
    .update<Row>(table)
    .set(patch)
    .where(where, parameters)
    .execute();
  return result.affected ?? 0;
}
