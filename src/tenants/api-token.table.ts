import { EntitySchema } from 'typeorm';
import { idColumn, momentColumn, textColumn } from '../database';
import type { Role } from '../kernel';

export interface ApiTokenRow {
  id: string;
  tenantId: string;
  name: string;
  role: Role;
  secretHash: string;
  createdAt: number;
  expiresAt: number | null;
  lastUsedAt: number | null;
  revokedAt: number | null;
}

export const apiTokenTable = new EntitySchema<ApiTokenRow>({
  name: 'ApiToken',
  tableName: 'api_token',
  columns: {
    id: idColumn('id', { primary: true }),
    tenantId: idColumn('tenant_id'),
    name: textColumn('name', 200),
    role: textColumn('role', 16),
    secretHash: textColumn('secret_hash', 64),
    createdAt: momentColumn('created_at'),
    expiresAt: momentColumn('expires_at', { nullable: true }),
    lastUsedAt: momentColumn('last_used_at', { nullable: true }),
    revokedAt: momentColumn('revoked_at', { nullable: true }),
  },
  indices: [
    { name: 'api_token_secret', columns: ['secretHash'], unique: true },
    { name: 'api_token_tenant', columns: ['tenantId', 'id'] },
  ],
});
