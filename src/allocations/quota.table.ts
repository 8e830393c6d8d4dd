import { EntitySchema } from 'typeorm';
import { bigintColumn, idColumn, intColumn } from '../database';
import type { Amounts } from './amounts';
import type { Limits } from './quota';

/** One for each tenant and backend where anything was ever limited or taken. Whoever changes what is taken locks it. */
export interface QuotaRow {
  tenantId: string;
  backendId: string;
  limits: Limits;
  used: Amounts;
  held: Amounts;
  /** Grows with every change of the ledger below this key, also one that leaves the totals as they are. */
  revision: number;
}

function limitColumns() {
  return new EntitySchema<Limits>({
    name: 'QuotaLimits',
    columns: {
      vms: intColumn('limit_vms', { nullable: true }),
      cpuCount: intColumn('limit_cpu_count', { nullable: true }),
      memoryMib: intColumn('limit_memory_mib', { nullable: true }),
      storageGib: intColumn('limit_storage_gib', { nullable: true }),
      networks: intColumn('limit_networks', { nullable: true }),
    },
  });
}

function totalColumns(total: 'used' | 'held') {
  return new EntitySchema<Amounts>({
    name: `Quota_${total}`,
    columns: {
      vms: bigintColumn(`${total}_vms`),
      cpuCount: bigintColumn(`${total}_cpu_count`),
      memoryMib: bigintColumn(`${total}_memory_mib`),
      storageGib: bigintColumn(`${total}_storage_gib`),
      networks: bigintColumn(`${total}_networks`),
    },
  });
}

export const quotaTable = new EntitySchema<QuotaRow>({
  name: 'Quota',
  tableName: 'quota',
  columns: {
    tenantId: idColumn('tenant_id', { primary: true }),
    backendId: idColumn('backend_id', { primary: true }),
    revision: intColumn('revision'),
  },
  // Their columns carry the prefix themselves: TypeORM would write it in camel case.
  embeddeds: {
    limits: { schema: limitColumns(), prefix: false },
    used: { schema: totalColumns('used'), prefix: false },
    held: { schema: totalColumns('held'), prefix: false },
  },
});
