export {
  bigintColumn,
  idColumn,
  intColumn,
  jsonColumn,
  longTextColumn,
  momentColumn,
  textColumn,
} from './columns';
export { createDataSource, openDatabase } from './data-source';
export type { DatabaseConfig, Table } from './data-source';
export { Database } from './database';
export type { Session } from './database';
export { isUniqueViolation, translateConnectionError } from './database-errors';
export { findRows, insertRows, updateRows } from './rows';
export type { RowValues } from './rows';
export { nowSql } from './dialect';
export { lockSqliteDatabase } from './single-process';
export type { ProcessLock } from './single-process';
export type { Dialect } from './dialect';
export { idPageOptions } from './page';
export type { IdPage } from './page';
export { lockRow } from './lock';
export { withUniqueName } from './unique-name';
