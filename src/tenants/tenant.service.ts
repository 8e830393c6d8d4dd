import { withUniqueName } from '../database';
import { newId, notFound, requireSlug, requireTitle } from '../kernel';
import type { TenantScope } from '../kernel';
import type { Tenant } from './tenant';
import type { TenantStore } from './tenant.store';

export class TenantService {
  constructor(readonly store: TenantStore) {}

  /** @throws PERMISSION_DENIED, INVALID_ARGUMENT, ALREADY_EXISTS for a slug in use */
  async create(scope: TenantScope, input: { readonly slug: string; readonly name: string }): Promise<Tenant> {
    scope.requireAdministrator();
    const slug = requireSlug('input.slug', input.slug);
    const name = requireTitle('input.name', input.name);
    const { database } = this.store;
    return withUniqueName('input.slug', 'another tenant', () =>
      database.transaction(async (session) => {
        const tenant = { id: newId('tenant'), slug, name, createdAt: await database.now(session) };
        await this.store.insert(session, tenant);
        return tenant;
      }),
    );
  }

  /** @throws NOT_FOUND naming the field, where an input names the tenant */
  async get(scope: TenantScope, id: string, field?: string): Promise<Tenant> {
    const tenant = await this.store.find(this.store.database.reader, scope, id);
    if (!tenant) throw notFound('Tenant', id, field);
    return tenant;
  }
}
