/** The two databases that the product runs on; MariaDB speaks `mysql`. */
export type Dialect = 'sqlite' | 'mysql';

/** SQL for the database's own clock in milliseconds since the epoch, free of any session's time zone. */
export function nowSql(dialect: Dialect): string {
  return dialect === 'sqlite'
    ? "CAST(unixepoch('subsec') * 1000 AS INTEGER)"
    : "(TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000)";
}
