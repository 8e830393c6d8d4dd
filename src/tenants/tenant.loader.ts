import DataLoader from 'dataloader';
import { LoaderKey, requireScope } from '../graphql';
import type { RequestContext } from '../graphql';
import type { Tenant } from './tenant';
import type { TenantStore } from './tenant.store';

const TENANT_BY_ID = new LoaderKey<DataLoader<string, Tenant | null>>('tenantById');

/** Tenants by id, as far as the caller may see them. */
export function tenantLoader(context: RequestContext, store: TenantStore): DataLoader<string, Tenant | null> {
  return context.loader(
    TENANT_BY_ID,
    () =>
      new DataLoader(async (ids: readonly string[]) => {
        const found = await store.findMany(store.database.reader, requireScope(context), ids);
        const byId = new Map(found.map((tenant) => [tenant.id, tenant]));
        return ids.map((id) => byId.get(id) ?? null);
      }),
  );
}
