import DataLoader from 'dataloader';
import { LoaderKey, requireScope } from '../graphql';
import type { RequestContext } from '../graphql';
import type { Quota } from './quota';
import type { QuotaStore } from './quota.store';

const QUOTAS_BY_TENANT = new LoaderKey<DataLoader<string, Quota[]>>('quotasByTenant');

/** The recorded quotas of tenants that the caller was allowed to see. */
export function quotasLoader(context: RequestContext, store: QuotaStore): DataLoader<string, Quota[]> {
  return context.loader(
    QUOTAS_BY_TENANT,
    () =>
      new DataLoader(async (tenantIds: readonly string[]) => {
        const quotas = await store.ofTenants(store.database.reader, requireScope(context), tenantIds);
        return tenantIds.map((id) => quotas.filter(({ tenantId }) => tenantId === id));
      }),
  );
}
