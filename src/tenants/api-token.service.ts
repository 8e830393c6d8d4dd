import type { Session } from '../database';
import { idempotentRequest } from '../idempotency';
import type { IdempotencyStore, Keyed } from '../idempotency';
import { invalidArgument, newId, requireFound, requireTitle } from '../kernel';
import type { Role, TenantScope } from '../kernel';
import { hashOf, newSeed, secretFrom } from './api-token';
import type { ApiToken } from './api-token';
import type { ApiTokenStore } from './api-token.store';
import type { TenantService } from './tenant.service';

export interface CreateApiToken extends Keyed {
  readonly tenantId: string | null;
  readonly name: string;
  readonly role: Role;
  /** Milliseconds since the epoch; null never expires. */
  readonly expiresAt: number | null;
}

export interface RevokeApiToken extends Keyed {
  readonly id: string;
}

export interface ApiTokenServices {
  readonly store: ApiTokenStore;
  readonly tenants: TenantService;
  readonly idempotency: IdempotencyStore;
  /** Of the installation, 32 bytes; secrets are derived from it and from seeds. */
  readonly secretKey: Buffer;
}

export class ApiTokenService {
  constructor(private readonly services: ApiTokenServices) {}

  /**
   * Makes a token and its secret, which nobody can read again. For owners of the tenant and administrators.
   *
   * The secret is not kept, and yet a replay has to show it: what is remembered of a keyed creation is the seed, which
   * is forgotten with the key after a day. Only the token that made it gets it again, also among owners of one tenant.
   * @throws NOT_FOUND, PERMISSION_DENIED, INVALID_ARGUMENT
   */
  async create(scope: TenantScope, input: CreateApiToken): Promise<{ token: ApiToken; secret: string }> {
    const field = 'input.tenantId';
    const tenant = await this.services.tenants.get(scope, scope.resolveTenant(input.tenantId, field), field);
    scope.requireRole('OWNER');
    const request = idempotentRequest('createApiToken', tenant.id, { ...input, actor: scope.actor });
    const { tokenId, seed } = await this.services.idempotency.once(request, (session) =>
      this.insert(session, tenant.id, input),
    );
    const token = await this.get(scope, tokenId);
    return { token, secret: secretFrom(this.services.secretKey, tokenId, seed) };
  }

  private async insert(
    session: Session,
    tenantId: string,
    input: CreateApiToken,
  ): Promise<{ readonly tokenId: string; readonly seed: string }> {
    const { store, secretKey } = this.services;
    const name = requireTitle('input.name', input.name);
    const now = await store.database.now(session);
    if (input.expiresAt !== null && input.expiresAt <= now) {
      throw invalidArgument('input.expiresAt', 'must lie in the future.');
    }
    const token: ApiToken = {
      ...{ id: newId('apiToken'), tenantId, name, role: input.role },
      createdAt: now,
      expiresAt: input.expiresAt,
      lastUsedAt: null,
      revokedAt: null,
    };
    const seed = newSeed();
    await store.insert(session, token, hashOf(secretFrom(secretKey, token.id, seed)));
    return { tokenId: token.id, seed };
  }

  /** Makes a token worthless at once; repeating it changes nothing. @throws NOT_FOUND, PERMISSION_DENIED */
  async revoke(scope: TenantScope, input: RevokeApiToken): Promise<ApiToken> {
    const { store, idempotency } = this.services;
    const { id, tenantId } = await this.get(scope, input.id, 'input.id');
    scope.requireRole('OWNER');
    const request = idempotentRequest('revokeApiToken', tenantId, input);
    await idempotency.once(request, async (session) => {
      await store.revoke(session, id, await store.database.now(session));
      return { tokenId: id };
    });
    return this.get(scope, id);
  }

  private async get(scope: TenantScope, id: string, field?: string): Promise<ApiToken> {
    const { store } = this.services;
    const token = await store.find(store.database.reader, scope, id);
    return requireFound('ApiToken', token, id, field);
  }
}
