import { withUniqueName } from '../database';
import { idempotentRequest } from '../idempotency';
import type { IdempotencyStore, Keyed } from '../idempotency';
import { newId, requireFound, requireSlug, requireTitle } from '../kernel';
import type { TenantScope } from '../kernel';
import type { Tenant } from './tenant';
import type { TenantStore } from './tenant.store';

export interface CreateTenant extends Keyed {
  readonly slug: string;
  readonly name: string;
}

export class TenantService {
  constructor(
    readonly store: TenantStore,
    private readonly idempotency: IdempotencyStore,
  ) {}

  /** @throws PERMISSION_DENIED, INVALID_ARGUMENT, ALREADY_EXISTS for a slug in use */
  async create(scope: TenantScope, input: CreateTenant): Promise<Tenant> {
    scope.requireAdministrator();
    const slug = requireSlug('input.slug', input.slug);
    const name = requireTitle('input.name', input.name);
    const { tenantId } = await withUniqueName('input.slug', 'another tenant', () =>
      this.idempotency.once(idempotentRequest('createTenant', null, input), async (session) => {
        const id = newId('tenant');
        const createdAt = await this.store.database.now(session);
        await this.store.insert(session, { id, slug, name, createdAt });
        return { tenantId: id };
      }),
    );
    return this.get(scope, tenantId);
  }

  /** @throws NOT_FOUND naming the field, where an input names the tenant */
  async get(scope: TenantScope, id: string, field?: string): Promise<Tenant> {
    const tenant = await this.store.find(this.store.database.reader, scope, id);
    return requireFound('Tenant', tenant, id, field);
  }
}
