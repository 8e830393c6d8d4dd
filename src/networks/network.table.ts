import { EntitySchema } from 'typeorm';
import { idColumn, momentColumn, textColumn } from '../database';
import type { NetworkMode } from '../providers/contract';
import type { NetworkStatus } from './network';

export interface NetworkRow {
  id: string;
  tenantId: string;
  backendId: string;
  name: string;
  /** The name while the network is not deleted, then null: keeps names unique among the living. */
  livingName: string | null;
  mode: NetworkMode;
  cidr: string;
  status: NetworkStatus;
  externalId: string | null;
  createTaskId: string | null;
  createdAt: number;
  deletedAt: number | null;
}

export const networkTable = new EntitySchema<NetworkRow>({
  name: 'Network',
  tableName: 'network',
  columns: {
    id: idColumn('id', { primary: true }),
    tenantId: idColumn('tenant_id'),
    backendId: idColumn('backend_id'),
    name: textColumn('name', 63),
    livingName: textColumn('living_name', 63, { nullable: true }),
    mode: textColumn('mode', 16),
    cidr: textColumn('cidr', 43),
    status: textColumn('status', 16),
    externalId: textColumn('external_id', 200, { nullable: true }),
    createTaskId: idColumn('create_task_id', { nullable: true }),
    createdAt: momentColumn('created_at'),
    deletedAt: momentColumn('deleted_at', { nullable: true }),
  },
  indices: [
    { name: 'network_name', columns: ['tenantId', 'livingName'], unique: true },
    { name: 'network_backend', columns: ['backendId', 'status'] },
  ],
});
