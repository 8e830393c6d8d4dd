import { idLoader, LoaderKey } from '../graphql';
import type { IdLoader, RequestContext } from '../graphql';
import type { Tenant } from './tenant';
import type { TenantStore } from './tenant.store';

const TENANT_BY_ID = new LoaderKey<IdLoader<Tenant>>('tenantById');

/** Tenants by id, as far as the caller may see them. */
export function tenantLoader(context: RequestContext, store: TenantStore): IdLoader<Tenant> {
  return idLoader(context, TENANT_BY_ID, (scope, ids) => store.findMany(store.database.reader, scope, ids));
}
