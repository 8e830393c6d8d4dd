import type { FindOptionsWhere } from 'typeorm';
import { insertRows, updateRows } from '../database';
import type { Database, Session } from '../database';
import type { TenantScope } from '../kernel';
import type { ApiToken } from './api-token';
import type { ApiTokenRow } from './api-token.table';

function toToken(row: ApiTokenRow): ApiToken {
  return {
    id: row.id,
    tenantId: row.tenantId,
    name: row.name,
    role: row.role,
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
    lastUsedAt: row.lastUsedAt,
    revokedAt: row.revokedAt,
  };
}

export class ApiTokenStore {
  constructor(readonly database: Database) {}

  async insert(session: Session, token: ApiToken, secretHash: string): Promise<void> {
    await insertRows<ApiTokenRow>(session, 'ApiToken', { ...token, secretHash });
  }

  /** For authentication only: there is no scope yet, the secret is what makes one. */
  async findBySecretHash(session: Session, secretHash: string): Promise<ApiToken | null> {
    const row = await session.findOne<ApiTokenRow>('ApiToken', { where: { secretHash } });
    return row && toToken(row);
  }

  async find(session: Session, scope: TenantScope, id: string): Promise<ApiToken | null> {
    const where: FindOptionsWhere<ApiTokenRow> = { id };
    if (scope.tenantId !== null) where.tenantId = scope.tenantId;
    const row = await session.findOne<ApiTokenRow>('ApiToken', { where });
    return row && toToken(row);
  }

  async markUsed(session: Session, id: string, at: number): Promise<void> {
    await updateRows<ApiTokenRow>(session, 'ApiToken', { lastUsedAt: at }, 'id = :id', { id });
  }

  async revoke(session: Session, id: string, at: number): Promise<void> {
    const where = 'id = :id AND revoked_at IS NULL';
    await updateRows<ApiTokenRow>(session, 'ApiToken', { revokedAt: at }, where, { id });
  }
}
