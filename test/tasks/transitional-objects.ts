import type { Database } from '../../src/database';

/** An object that is on its way to somewhere, with nobody who takes it there. */
export interface Stranded {
  readonly id: string;
  readonly state: string;
}

const TRANSITIONAL = "('PROVISIONING', 'DELETING')";
const NOBODY = (table: string): string =>
  `NOT EXISTS (SELECT 1 FROM task WHERE task.target_id = ${table}.id AND task.open = 1)`;

/**
 * VMs and networks that are PROVISIONING or DELETING without an open task. There is none at any moment: the state and the
 * task change in the same transaction. To be asked in one read, while whatever may be going on goes on.
 */
export async function strandedObjects({ reader }: Pick<Database, 'reader'>): Promise<Stranded[]> {
  return reader.query<Stranded[]>(
    `SELECT id, lifecycle AS state FROM vm WHERE lifecycle IN ${TRANSITIONAL} AND ${NOBODY('vm')}` +
      ` UNION ALL SELECT id, status AS state FROM network WHERE status IN ${TRANSITIONAL} AND ${NOBODY('network')}`,
  );
}
