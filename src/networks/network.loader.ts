import DataLoader from 'dataloader';
import { LoaderKey, requireScope } from '../graphql';
import type { RequestContext } from '../graphql';
import type { Network } from './network';
import type { NetworkStore } from './network.store';

const NETWORK_BY_ID = new LoaderKey<DataLoader<string, Network | null>>('networkById');

/** Networks by id, as far as the caller may see them. */
export function networkLoader(
  context: RequestContext,
  store: NetworkStore,
): DataLoader<string, Network | null> {
  return context.loader(
    NETWORK_BY_ID,
    () =>
      new DataLoader(async (ids: readonly string[]) => {
        const found = await store.findMany(store.database.reader, requireScope(context), ids);
        const byId = new Map(found.map((network) => [network.id, network]));
        return ids.map((id) => byId.get(id) ?? null);
      }),
  );
}
