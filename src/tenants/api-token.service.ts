import { invalidArgument, newId, notFound, requireTitle } from '../kernel';
import type { Role, TenantScope } from '../kernel';
import { hashOf, mintSecret } from './api-token';
import type { ApiToken } from './api-token';
import type { ApiTokenStore } from './api-token.store';
import type { TenantService } from './tenant.service';

export interface CreateApiToken {
  readonly tenantId: string | null;
  readonly name: string;
  readonly role: Role;
  /** Milliseconds since the epoch; null never expires. */
  readonly expiresAt: number | null;
}

export class ApiTokenService {
  constructor(
    private readonly store: ApiTokenStore,
    private readonly tenants: TenantService,
  ) {}

  /**
   * Makes a token and its secret, which nobody can read again. For owners of the tenant and administrators.
   * @throws NOT_FOUND, PERMISSION_DENIED, INVALID_ARGUMENT
   */
  async create(scope: TenantScope, input: CreateApiToken): Promise<{ token: ApiToken; secret: string }> {
    const field = 'input.tenantId';
    const tenant = await this.tenants.get(scope, scope.resolveTenant(input.tenantId, field), field);
    scope.requireRole('OWNER');
    const name = requireTitle('input.name', input.name);
    const { database } = this.store;
    const now = await database.now();
    if (input.expiresAt !== null && input.expiresAt <= now) {
      throw invalidArgument('input.expiresAt', 'must lie in the future.');
    }
    const token: ApiToken = {
      id: newId('apiToken'),
      tenantId: tenant.id,
      name,
      role: input.role,
      createdAt: now,
      expiresAt: input.expiresAt,
      lastUsedAt: null,
      revokedAt: null,
    };
    const secret = mintSecret();
    await database.transaction((session) => this.store.insert(session, token, hashOf(secret)));
    return { token, secret };
  }

  /** Makes a token worthless at once; repeating it changes nothing. @throws NOT_FOUND, PERMISSION_DENIED */
  async revoke(scope: TenantScope, id: string): Promise<ApiToken> {
    const { database } = this.store;
    return database.transaction(async (session) => {
      if (!(await this.store.find(session, scope, id))) throw notFound('ApiToken', id, 'input.id');
      scope.requireRole('OWNER');
      await this.store.revoke(session, id, await database.now(session));
      const revoked = await this.store.find(session, scope, id);
      if (!revoked) throw notFound('ApiToken', id, 'input.id');
      return revoked;
    });
  }
}
