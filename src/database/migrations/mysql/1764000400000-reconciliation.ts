import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = [
  `CREATE TABLE IF NOT EXISTS sighting (
    backend_id varchar(36) NOT NULL,
    kind varchar(16) NOT NULL,
    type varchar(16) NOT NULL,
    object_id varchar(128) NOT NULL,
    external_id varchar(200) NOT NULL,
    first_seen_at bigint NOT NULL,
    last_seen_at bigint NOT NULL,
    seen_count int NOT NULL,
    PRIMARY KEY (backend_id, kind, type, object_id, external_id)
  ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin`,
  `CREATE TABLE IF NOT EXISTS reconciliation (
    backend_id varchar(36) NOT NULL,
    last_pass_at bigint NOT NULL,
    PRIMARY KEY (backend_id)
  ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin`,
];

/** What the reconciler remembers between two passes. */
export class Reconciliation1764000400000 implements MigrationInterface {
  readonly name = 'Reconciliation1764000400000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of TABLES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of ['reconciliation', 'sighting']) await runner.query(`DROP TABLE ${name}`);
  }
}
