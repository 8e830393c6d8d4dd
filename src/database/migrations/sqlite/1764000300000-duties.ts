import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who does what only one process at a time may do. */
export class Duties1764000300000 implements MigrationInterface {
  readonly name = 'Duties1764000300000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE IF NOT EXISTS duty (
      name varchar(128) PRIMARY KEY NOT NULL,
      holder varchar(64),
      fence bigint NOT NULL,
      held_until bigint NOT NULL
    )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE duty');
  }
}
