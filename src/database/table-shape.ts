import type { DataSource, EntityMetadata } from 'typeorm';
import type { Session } from './database';

export type Column = EntityMetadata['columns'][number];

/** What plain statements need to know of a table. */
export interface TableShape {
  /** Its name as it stands in SQL. */
  readonly sql: string;
  readonly columns: readonly Column[];
  /** The columns of each property of a row; an embedded one has several. */
  readonly byProperty: ReadonlyMap<string, readonly Column[]>;
  /** All columns as a SELECT names them. */
  readonly selection: string;
}

const shapes = new WeakMap<DataSource, Map<string, TableShape>>();

/** Worked out once for each table of a connection: doing so for every statement would cost more than the statement. */
export function shapeOf({ connection }: Session, table: string): TableShape {
  const known = shapes.get(connection) ?? new Map<string, TableShape>();
  const shape = known.get(table) ?? workOut(connection, table);
  shapes.set(connection, known.set(table, shape));
  return shape;
}

function workOut(connection: DataSource, table: string): TableShape {
  const { columns, tableName } = connection.getMetadata(table);
  const byProperty = new Map<string, Column[]>();
  for (const column of columns) {
    const property = column.embeddedMetadata?.parentPropertyNames[0] ?? column.propertyName;
    byProperty.set(property, [...(byProperty.get(property) ?? []), column]);
  }
  const selection = columns.map((column) => quoted(connection, column)).join(', ');
  return { sql: connection.driver.escape(tableName), columns, byProperty, selection };
}

export function quoted({ driver }: DataSource, { databaseName }: Column): string {
  return driver.escape(databaseName);
}

/** The columns of a property. */
export function columnsOf(shape: TableShape, property: string): readonly Column[] {
  const columns = shape.byProperty.get(property);
  if (!columns) throw new Error(`${shape.sql} has no ${property}.`);
  return columns;
}
