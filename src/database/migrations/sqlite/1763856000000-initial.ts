import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The tables of the first version. Repeatable, because a second gateway may start at the same time. */
const TABLES: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS installation (
    name varchar(64) PRIMARY KEY NOT NULL,
    value text NOT NULL
  )`,
  `CREATE TABLE IF NOT EXISTS tenant (
    id varchar(36) PRIMARY KEY NOT NULL,
    slug varchar(32) NOT NULL,
    name varchar(200) NOT NULL,
    created_at bigint NOT NULL
  )`,
  'CREATE UNIQUE INDEX IF NOT EXISTS tenant_slug ON tenant (slug)',
  `CREATE TABLE IF NOT EXISTS api_token (
    id varchar(36) PRIMARY KEY NOT NULL,
    tenant_id varchar(36) NOT NULL,
    name varchar(200) NOT NULL,
    role varchar(16) NOT NULL,
    secret_hash varchar(64) NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint,
    last_used_at bigint,
    revoked_at bigint
  )`,
  'CREATE UNIQUE INDEX IF NOT EXISTS api_token_secret ON api_token (secret_hash)',
  'CREATE INDEX IF NOT EXISTS api_token_tenant ON api_token (tenant_id, id)',
  `CREATE TABLE IF NOT EXISTS backend (
    id varchar(36) PRIMARY KEY NOT NULL,
    name varchar(63) NOT NULL,
    kind varchar(32) NOT NULL,
    location varchar(16) NOT NULL,
    created_at bigint NOT NULL
  )`,
  'CREATE UNIQUE INDEX IF NOT EXISTS backend_name ON backend (name)',
  `CREATE TABLE IF NOT EXISTS template (
    id varchar(36) PRIMARY KEY NOT NULL,
    tenant_id varchar(36),
    owner varchar(36) NOT NULL,
    name varchar(63) NOT NULL,
    min_disk_gib integer NOT NULL,
    created_at bigint NOT NULL
  )`,
  'CREATE UNIQUE INDEX IF NOT EXISTS template_name ON template (owner, name)',
  `CREATE TABLE IF NOT EXISTS template_realization (
    template_id varchar(36) NOT NULL,
    backend_id varchar(36) NOT NULL,
    image_ref varchar(500) NOT NULL,
    PRIMARY KEY (template_id, backend_id)
  )`,
  `CREATE TABLE IF NOT EXISTS network (
    id varchar(36) PRIMARY KEY NOT NULL,
    tenant_id varchar(36) NOT NULL,
    backend_id varchar(36) NOT NULL,
    name varchar(63) NOT NULL,
    living_name varchar(63),
    mode varchar(16) NOT NULL,
    cidr varchar(43) NOT NULL,
    status varchar(16) NOT NULL,
    external_id varchar(200),
    create_task_id varchar(36),
    created_at bigint NOT NULL,
    deleted_at bigint
  )`,
  'CREATE UNIQUE INDEX IF NOT EXISTS network_name ON network (tenant_id, living_name)',
  'CREATE INDEX IF NOT EXISTS network_backend ON network (backend_id, status)',
  `CREATE TABLE IF NOT EXISTS vm (
    id varchar(36) PRIMARY KEY NOT NULL,
    tenant_id varchar(36) NOT NULL,
    backend_id varchar(36) NOT NULL,
    template_id varchar(36) NOT NULL,
    name varchar(63) NOT NULL,
    living_name varchar(63),
    lifecycle varchar(16) NOT NULL,
    power_state varchar(16) NOT NULL,
    cpu_count integer NOT NULL,
    memory_mib integer NOT NULL,
    disk_gib integer NOT NULL,
    external_id varchar(200),
    create_task_id varchar(36),
    observed_at bigint,
    created_at bigint NOT NULL,
    deleted_at bigint,
    revision integer NOT NULL
  )`,
  'CREATE UNIQUE INDEX IF NOT EXISTS vm_name ON vm (tenant_id, living_name)',
  'CREATE INDEX IF NOT EXISTS vm_tenant ON vm (tenant_id, id)',
  'CREATE INDEX IF NOT EXISTS vm_backend ON vm (backend_id, external_id)',
  `CREATE TABLE IF NOT EXISTS vm_nic (
    vm_id varchar(36) NOT NULL,
    position integer NOT NULL,
    network_id varchar(36) NOT NULL,
    mac_address varchar(17),
    ip_addresses text NOT NULL,
    PRIMARY KEY (vm_id, position)
  )`,
  'CREATE INDEX IF NOT EXISTS vm_nic_network ON vm_nic (network_id)',
  `CREATE TABLE IF NOT EXISTS vm_label (
    vm_id varchar(36) NOT NULL,
    name varchar(63) NOT NULL,
    value varchar(255) NOT NULL,
    PRIMARY KEY (vm_id, name)
  )`,
  'CREATE INDEX IF NOT EXISTS vm_label_value ON vm_label (name, value)',
  `CREATE TABLE IF NOT EXISTS vm_guest_config (
    vm_id varchar(36) PRIMARY KEY NOT NULL,
    user_data text,
    ssh_keys text NOT NULL
  )`,
  `CREATE TABLE IF NOT EXISTS task (
    id varchar(36) PRIMARY KEY NOT NULL,
    tenant_id varchar(36),
    operation varchar(32) NOT NULL,
    target_id varchar(36) NOT NULL,
    actor varchar(64) NOT NULL,
    status varchar(16) NOT NULL,
    phase varchar(8) NOT NULL,
    progress integer NOT NULL,
    message varchar(500),
    attempts integer NOT NULL,
    cancellable_while_running integer NOT NULL,
    cancel_requested_at bigint,
    created_at bigint NOT NULL,
    started_at bigint,
    ended_at bigint,
    deadline_at bigint,
    error text,
    error_detail text,
    input text NOT NULL,
    lane varchar(64) NOT NULL,
    lane_position integer NOT NULL,
    open integer,
    available_at bigint NOT NULL,
    lease_owner varchar(64),
    lease_until bigint,
    fence integer NOT NULL,
    crashes integer NOT NULL,
    last_sequence integer NOT NULL
  )`,
  'CREATE UNIQUE INDEX IF NOT EXISTS task_lane ON task (lane, lane_position)',
  'CREATE INDEX IF NOT EXISTS task_open ON task (open, available_at)',
  'CREATE INDEX IF NOT EXISTS task_tenant ON task (tenant_id, id)',
  'CREATE INDEX IF NOT EXISTS task_target ON task (target_id, id)',
  `CREATE TABLE IF NOT EXISTS task_step (
    task_id varchar(36) NOT NULL,
    position integer NOT NULL,
    name varchar(64) NOT NULL,
    status varchar(16) NOT NULL,
    started_at bigint,
    ended_at bigint,
    message varchar(500),
    attempts integer NOT NULL,
    output text,
    checkpoint text,
    PRIMARY KEY (task_id, position)
  )`,
  `CREATE TABLE IF NOT EXISTS outbox (
    id varchar(36) PRIMARY KEY NOT NULL,
    position bigint,
    topic varchar(16) NOT NULL,
    subject_id varchar(36) NOT NULL,
    sequence integer NOT NULL,
    tenant_id varchar(36),
    kind varchar(32) NOT NULL,
    at bigint NOT NULL,
    payload text NOT NULL
  )`,
  'CREATE UNIQUE INDEX IF NOT EXISTS outbox_position ON outbox (position)',
  'CREATE UNIQUE INDEX IF NOT EXISTS outbox_subject ON outbox (subject_id, sequence)',
  'CREATE INDEX IF NOT EXISTS outbox_tenant ON outbox (tenant_id, position)',
  `CREATE TABLE IF NOT EXISTS outbox_head (
    name varchar(16) PRIMARY KEY NOT NULL,
    position bigint NOT NULL
  )`,
  `CREATE TABLE IF NOT EXISTS idempotency (
    owner varchar(64) NOT NULL,
    idempotency_key varchar(128) NOT NULL,
    mutation varchar(64) NOT NULL,
    input_hash varchar(64) NOT NULL,
    answer text NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (owner, idempotency_key)
  )`,
  'CREATE INDEX IF NOT EXISTS idempotency_age ON idempotency (created_at)',
  "INSERT OR IGNORE INTO outbox_head (name, position) VALUES ('head', 0), ('pruned', 0)",
];

const TABLE_NAMES = [
  'idempotency',
  'outbox_head',
  'outbox',
  'task_step',
  'task',
  'vm_guest_config',
  'vm_label',
  'vm_nic',
  'vm',
  'network',
  'template_realization',
  'template',
  'backend',
  'api_token',
  'tenant',
  'installation',
];

export class Initial1763856000000 implements MigrationInterface {
  readonly name = 'Initial1763856000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of TABLES) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of TABLE_NAMES) await runner.query(`DROP TABLE ${name}`);
  }
}
