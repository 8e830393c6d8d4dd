import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What claiming by turns needs, and what ties a task to the one that it repeats. */
const UP: readonly string[] = [
  'ALTER TABLE task ADD COLUMN backend_id varchar(36)',
  'ALTER TABLE task ADD COLUMN retry_of varchar(36)',
  'CREATE INDEX task_turn ON task (open, tenant_id, backend_id, available_at, id)',
  'CREATE INDEX task_held ON task (open, lease_until)',
  'CREATE UNIQUE INDEX task_retry ON task (retry_of)',
  'DROP INDEX task_open',
];

const DOWN: readonly string[] = [
  'CREATE INDEX task_open ON task (open, available_at)',
  'DROP INDEX task_retry',
  'DROP INDEX task_held',
  'DROP INDEX task_turn',
  'ALTER TABLE task DROP COLUMN retry_of',
  'ALTER TABLE task DROP COLUMN backend_id',
];

export class FairTasks1764000200000 implements MigrationInterface {
  readonly name = 'FairTasks1764000200000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement);
  }
}
