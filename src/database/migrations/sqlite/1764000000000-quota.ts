import type { MigrationInterface, QueryRunner } from 'typeorm';

const RESOURCES = ['vms', 'cpu_count', 'memory_mib', 'storage_gib', 'networks'];

const each = (sql: (resource: string) => string): string => RESOURCES.map(sql).join(', ');

const columns = (prefix: string, type: string): string => each((resource) => `${prefix}_${resource} ${type}`);

const TABLES: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS quota (
    tenant_id varchar(36) NOT NULL,
    backend_id varchar(36) NOT NULL,
    revision integer NOT NULL,
    ${columns('limit', 'integer')},
    ${columns('used', 'bigint NOT NULL')},
    ${columns('held', 'bigint NOT NULL')},
    PRIMARY KEY (tenant_id, backend_id)
  )`,
  `CREATE TABLE IF NOT EXISTS reservation (
    holder_id varchar(36) PRIMARY KEY NOT NULL,
    object_id varchar(36) NOT NULL,
    tenant_id varchar(36) NOT NULL,
    backend_id varchar(36) NOT NULL,
    state varchar(16) NOT NULL,
    ${each((resource) => `${resource} integer NOT NULL`)}
  )`,
  'CREATE INDEX IF NOT EXISTS reservation_object ON reservation (object_id)',
  'CREATE INDEX IF NOT EXISTS reservation_quota ON reservation (tenant_id, backend_id)',
];

const RESERVE = `INSERT OR IGNORE INTO reservation
  (holder_id, object_id, tenant_id, backend_id, state, ${RESOURCES.join(', ')})`;

/**
 * What is there already. A creation that is under way holds what its object has on record. Of those that have ended,
 * the object uses something unless nothing was begun, or all of it was taken back.
 */
function existing(noun: 'vm' | 'network', living: string, amounts: string): string[] {
  const created = `FROM ${noun} LEFT JOIN task ON task.id = ${noun}.create_task_id AND task.open = 1
    WHERE ${living}`;
  const left = `SELECT 1 FROM task_step WHERE task_step.task_id = ${noun}.create_task_id
    AND task_step.name = 'create-${noun}' AND task_step.status NOT IN ('PENDING', 'UNDONE')`;
  const object = `${noun}.id, ${noun}.tenant_id, ${noun}.backend_id`;
  return [
    `${RESERVE} SELECT task.id, ${object}, 'HELD', ${amounts} ${created} AND task.id IS NOT NULL`,
    `${RESERVE} SELECT ${noun}.id, ${object}, 'COMMITTED', ${amounts} ${created} AND task.id IS NULL
      AND (${noun}.external_id IS NOT NULL OR EXISTS (${left}))`,
  ];
}

/** The larger of what the VM has and of what the task asks for. */
const wanted = (column: string, field: string): string =>
  `MAX(vm.${column}, COALESCE(json_extract(task.input, '$.size.${field}'), 0))`;

const RESIZES = `${RESERVE} SELECT task.id, vm.id, vm.tenant_id, vm.backend_id, 'HELD', 1,
    ${wanted('cpu_count', 'cpuCount')}, ${wanted('memory_mib', 'memoryMib')}, ${wanted('disk_gib', 'diskGib')}, 0
  FROM task JOIN vm ON vm.id = task.target_id
  WHERE task.open = 1 AND task.operation = 'RESIZE_VM' AND vm.lifecycle <> 'DELETED'`;

/** Of each object the largest of its reservations counts: held is what goes beyond what is used. */
const TOTALS = `INSERT OR IGNORE INTO quota (tenant_id, backend_id, revision,
    ${each((resource) => `used_${resource}`)}, ${each((resource) => `held_${resource}`)})
  SELECT tenant_id, backend_id, 0, ${each((resource) => `SUM(used_${resource})`)},
    ${each((resource) => `SUM(most_${resource} - used_${resource})`)}
  FROM (
    SELECT tenant_id, backend_id, object_id, ${each((resource) => `MAX(${resource}) AS most_${resource}`)},
      ${each((resource) => `MAX(CASE WHEN state = 'COMMITTED' THEN ${resource} ELSE 0 END) AS used_${resource}`)}
    FROM reservation GROUP BY tenant_id, backend_id, object_id
  ) AS object GROUP BY tenant_id, backend_id`;

/** Quotas and reservations, with those of what exists already. */
export class Quota1764000000000 implements MigrationInterface {
  readonly name = 'Quota1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    const vms = existing('vm', "vm.lifecycle <> 'DELETED'", '1, vm.cpu_count, vm.memory_mib, vm.disk_gib, 0');
    const networks = existing('network', "network.status <> 'DELETED'", '0, 0, 0, 0, 1');
    for (const statement of [...TABLES, ...vms, ...networks, RESIZES, TOTALS]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE reservation');
    await runner.query('DROP TABLE quota');
  }
}
