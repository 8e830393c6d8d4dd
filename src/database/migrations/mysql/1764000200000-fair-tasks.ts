import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What claiming by turns needs, and what ties a task to the one that it repeats. One statement: all of it or nothing. */
const UP = `ALTER TABLE task
  ADD COLUMN backend_id varchar(36) NULL,
  ADD COLUMN retry_of varchar(36) NULL,
  ADD INDEX task_turn (open, tenant_id, backend_id, available_at, id),
  ADD INDEX task_held (open, lease_until),
  ADD UNIQUE INDEX task_retry (retry_of),
  DROP INDEX task_open`;

const DOWN = `ALTER TABLE task
  ADD INDEX task_open (open, available_at),
  DROP INDEX task_retry,
  DROP INDEX task_held,
  DROP INDEX task_turn,
  DROP COLUMN retry_of,
  DROP COLUMN backend_id`;

/** ER_DUP_FIELDNAME */
const COLUMN_EXISTS = 1060;

export class FairTasks1764000200000 implements MigrationInterface {
  readonly name = 'FairTasks1764000200000';

  async up(runner: QueryRunner): Promise<void> {
    try {
      await runner.query(UP);
    } catch (error) {
      // A gateway was killed between this and its note of it, or one on another node of the cluster was faster.
      if ((error as { errno?: unknown }).errno !== COLUMN_EXISTS) throw error;
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(DOWN);
  }
}
