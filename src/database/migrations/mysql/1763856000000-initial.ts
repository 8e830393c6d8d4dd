import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The tables of the first version. Repeatable, because MySQL commits each statement by itself: a start that died in the middle is simply gone on with. */
const TABLES: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS installation (
    name varchar(64) NOT NULL,
    value text NOT NULL,
    PRIMARY KEY (name)
  ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin`,
  `CREATE TABLE IF NOT EXISTS tenant (
    id varchar(36) NOT NULL,
    slug varchar(32) NOT NULL,
    name varchar(200) NOT NULL,
    created_at bigint NOT NULL,
    UNIQUE INDEX tenant_slug (slug),
    PRIMARY KEY (id)
  ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin`,
  `CREATE TABLE IF NOT EXISTS api_token (
    id varchar(36) NOT NULL,
    tenant_id varchar(36) NOT NULL,
    name varchar(200) NOT NULL,
    role varchar(16) NOT NULL,
    secret_hash varchar(64) NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NULL,
    last_used_at bigint NULL,
    revoked_at bigint NULL,
    UNIQUE INDEX api_token_secret (secret_hash),
    INDEX api_token_tenant (tenant_id, id),
    PRIMARY KEY (id)
  ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin`,
  `CREATE TABLE IF NOT EXISTS backend (
    id varchar(36) NOT NULL,
    name varchar(63) NOT NULL,
    kind varchar(32) NOT NULL,
    location varchar(16) NOT NULL,
    created_at bigint NOT NULL,
    UNIQUE INDEX backend_name (name),
    PRIMARY KEY (id)
  ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin`,
  `CREATE TABLE IF NOT EXISTS template (
    id varchar(36) NOT NULL,
    tenant_id varchar(36) NULL,
    owner varchar(36) NOT NULL,
    name varchar(63) NOT NULL,
    min_disk_gib int NOT NULL,
    created_at bigint NOT NULL,
    UNIQUE INDEX template_name (owner, name),
    PRIMARY KEY (id)
  ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin`,
  `CREATE TABLE IF NOT EXISTS template_realization (
    template_id varchar(36) NOT NULL,
    backend_id varchar(36) NOT NULL,
    image_ref varchar(500) NOT NULL,
    PRIMARY KEY (template_id, backend_id)
  ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin`,
  `CREATE TABLE IF NOT EXISTS network (
    id varchar(36) NOT NULL,
    tenant_id varchar(36) NOT NULL,
    backend_id varchar(36) NOT NULL,
    name varchar(63) NOT NULL,
    living_name varchar(63) NULL,
    mode varchar(16) NOT NULL,
    cidr varchar(43) NOT NULL,
    status varchar(16) NOT NULL,
    external_id varchar(200) NULL,
    create_task_id varchar(36) NULL,
    created_at bigint NOT NULL,
    deleted_at bigint NULL,
    UNIQUE INDEX network_name (tenant_id, living_name),
    INDEX network_backend (backend_id, status),
    PRIMARY KEY (id)
  ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin`,
  `CREATE TABLE IF NOT EXISTS vm (
    id varchar(36) NOT NULL,
    tenant_id varchar(36) NOT NULL,
    backend_id varchar(36) NOT NULL,
    template_id varchar(36) NOT NULL,
    name varchar(63) NOT NULL,
    living_name varchar(63) NULL,
    lifecycle varchar(16) NOT NULL,
    power_state varchar(16) NOT NULL,
    cpu_count int NOT NULL,
    memory_mib int NOT NULL,
    disk_gib int NOT NULL,
    external_id varchar(200) NULL,
    create_task_id varchar(36) NULL,
    observed_at bigint NULL,
    created_at bigint NOT NULL,
    deleted_at bigint NULL,
    revision int NOT NULL,
    UNIQUE INDEX vm_name (tenant_id, living_name),
    INDEX vm_tenant (tenant_id, id),
    INDEX vm_backend (backend_id, external_id),
    PRIMARY KEY (id)
  ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin`,
  `CREATE TABLE IF NOT EXISTS vm_nic (
    vm_id varchar(36) NOT NULL,
    position int NOT NULL,
    network_id varchar(36) NOT NULL,
    mac_address varchar(17) NULL,
    ip_addresses text NOT NULL,
    INDEX vm_nic_network (network_id),
    PRIMARY KEY (vm_id, position)
  ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin`,
  `CREATE TABLE IF NOT EXISTS vm_label (
    vm_id varchar(36) NOT NULL,
    name varchar(63) NOT NULL,
    value varchar(255) NOT NULL,
    INDEX vm_label_value (name, value),
    PRIMARY KEY (vm_id, name)
  ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin`,
  `CREATE TABLE IF NOT EXISTS vm_guest_config (
    vm_id varchar(36) NOT NULL,
    user_data text NULL,
    ssh_keys text NOT NULL,
    PRIMARY KEY (vm_id)
  ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin`,
  `CREATE TABLE IF NOT EXISTS task (
    id varchar(36) NOT NULL,
    tenant_id varchar(36) NULL,
    operation varchar(32) NOT NULL,
    target_id varchar(36) NOT NULL,
    actor varchar(64) NOT NULL,
    status varchar(16) NOT NULL,
    phase varchar(8) NOT NULL,
    progress int NOT NULL,
    message varchar(500) NULL,
    attempts int NOT NULL,
    cancellable_while_running int NOT NULL,
    cancel_requested_at bigint NULL,
    created_at bigint NOT NULL,
    started_at bigint NULL,
    ended_at bigint NULL,
    deadline_at bigint NULL,
    error text NULL,
    error_detail text NULL,
    input text NOT NULL,
    lane varchar(64) NOT NULL,
    lane_position int NOT NULL,
    open int NULL,
    available_at bigint NOT NULL,
    lease_owner varchar(64) NULL,
    lease_until bigint NULL,
    fence int NOT NULL,
    crashes int NOT NULL,
    last_sequence int NOT NULL,
    UNIQUE INDEX task_lane (lane, lane_position),
    INDEX task_open (open, available_at),
    INDEX task_tenant (tenant_id, id),
    INDEX task_target (target_id, id),
    PRIMARY KEY (id)
  ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin`,
  `CREATE TABLE IF NOT EXISTS task_step (
    task_id varchar(36) NOT NULL,
    position int NOT NULL,
    name varchar(64) NOT NULL,
    status varchar(16) NOT NULL,
    started_at bigint NULL,
    ended_at bigint NULL,
    message varchar(500) NULL,
    attempts int NOT NULL,
    output text NULL,
    checkpoint text NULL,
    PRIMARY KEY (task_id, position)
  ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin`,
  `CREATE TABLE IF NOT EXISTS outbox (
    id varchar(36) NOT NULL,
    position bigint NULL,
    topic varchar(16) NOT NULL,
    subject_id varchar(36) NOT NULL,
    sequence int NOT NULL,
    tenant_id varchar(36) NULL,
    kind varchar(32) NOT NULL,
    at bigint NOT NULL,
    payload text NOT NULL,
    UNIQUE INDEX outbox_position (position),
    UNIQUE INDEX outbox_subject (subject_id, sequence),
    INDEX outbox_tenant (tenant_id, position),
    PRIMARY KEY (id)
  ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin`,
  `CREATE TABLE IF NOT EXISTS outbox_head (
    name varchar(16) NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (name)
  ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin`,
  `CREATE TABLE IF NOT EXISTS idempotency (
    owner varchar(64) NOT NULL,
    idempotency_key varchar(128) NOT NULL,
    mutation varchar(64) NOT NULL,
    input_hash varchar(64) NOT NULL,
    answer text NOT NULL,
    created_at bigint NOT NULL,
    INDEX idempotency_age (created_at),
    PRIMARY KEY (owner, idempotency_key)
  ) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin`,
  "INSERT IGNORE INTO outbox_head (name, position) VALUES ('head', 0), ('pruned', 0)",
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
