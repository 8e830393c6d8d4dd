import type { ObjectLiteral } from 'typeorm';
import type { Session } from './database';
import { Statement } from './statement';
import type { Parameters } from './statement';
import { columnsOf, quoted, shapeOf } from './table-shape';
import type { Column } from './table-shape';

/** Values by property; a function returns SQL. */
export type RowValues<Row> = { readonly [Key in keyof Row]?: Row[Key] | (() => string) };

/*
 * The few kinds of statements that most of the work consists of, by plain SQL. They name columns as the database does.
 * TypeORM's builders would take several times as long to write one as the database takes to run it.
 */

/** The most values in one statement: SQLite takes 32,766. */
const MOST_VALUES = 30_000;

/** Inserts whole rows; columns that are left out of all of them become null. */
export async function insertRows<Row extends ObjectLiteral>(
  session: Session,
  table: string,
  rows: RowValues<Row> | readonly RowValues<Row>[],
): Promise<void> {
  const list = Array.isArray(rows) ? (rows as readonly RowValues<Row>[]) : [rows as RowValues<Row>];
  const atOnce = Math.floor(MOST_VALUES / shapeOf(session, table).columns.length);
  for (let from = 0; from < list.length; from += atOnce) {
    await insertSome(session, table, list.slice(from, from + atOnce));
  }
}

async function insertSome<Row extends ObjectLiteral>(
  session: Session,
  table: string,
  list: readonly RowValues<Row>[],
): Promise<void> {
  const { connection } = session;
  const shape = shapeOf(session, table);
  const columns = shape.columns.filter((column) =>
    list.some((row) => column.getEntityValue(row) !== undefined),
  );
  const names = columns.map((column) => quoted(connection, column)).join(', ');
  const statement = new Statement().add(`INSERT INTO ${shape.sql} (${names}) VALUES `);
  for (const [index, row] of list.entries()) {
    statement.add(index === 0 ? '(' : ', (');
    for (const [place, column] of columns.entries()) {
      if (place > 0) statement.add(', ');
      addValue(statement, session, column, column.getEntityValue(row) ?? null);
    }
    statement.add(')');
  }
  await statement.run(session);
}

/** Updates the rows that fit `where` and tells how many did. */
export async function updateRows<Row extends ObjectLiteral>(
  session: Session,
  table: string,
  patch: RowValues<Row>,
  where: string,
  parameters: Parameters,
): Promise<number> {
  const shape = shapeOf(session, table);
  const statement = new Statement().add(`UPDATE ${shape.sql} SET `);
  let isFirst = true;
  // In the order of the patch: MySQL assigns from left to right, and an expression sees what stands before it.
  for (const property of Object.keys(patch)) {
    for (const column of columnsOf(shape, property)) {
      const value: unknown = column.getEntityValue(patch);
      if (value === undefined) continue;
      statement.add(`${isFirst ? '' : ', '}${quoted(session.connection, column)} = `);
      addValue(statement, session, column, value, parameters);
      isFirst = false;
    }
  }
  const { affected } = await statement.add(` WHERE ${where}`, parameters).run(session);
  return affected ?? 0;
}

/** Reads the rows that fit. @param where SQL, with whatever may follow: an order, a limit, a lock */
export async function findRows<Row extends ObjectLiteral>(
  session: Session,
  table: string,
  where: string,
  parameters: Parameters,
): Promise<Row[]> {
  const { sql, columns, selection } = shapeOf(session, table);
  const statement = new Statement().add(`SELECT ${selection} FROM ${sql} WHERE `).add(where, parameters);
  const { records } = await statement.run(session);
  const { driver } = session.connection;
  return records.map((record: ObjectLiteral) => {
    const row: ObjectLiteral = {};
    for (const column of columns) {
      column.setEntityValue(row, driver.prepareHydratedValue(record[column.databaseName], column));
    }
    return row as Row;
  });
}

function addValue(
  statement: Statement,
  { connection }: Session,
  column: Column,
  value: unknown,
  parameters: Parameters = {},
): void {
  if (typeof value === 'function') statement.add((value as () => string)(), parameters);
  else statement.addValue(connection.driver.preparePersistentValue(value, column));
}
