import { idLoader, LoaderKey } from '../graphql';
import type { IdLoader, RequestContext } from '../graphql';
import type { Network } from './network';
import type { NetworkStore } from './network.store';

const NETWORK_BY_ID = new LoaderKey<IdLoader<Network>>('networkById');

/** Networks by id, as far as the caller may see them. */
export function networkLoader(context: RequestContext, store: NetworkStore): IdLoader<Network> {
  return idLoader(context, NETWORK_BY_ID, (scope, ids) => store.findMany(store.database.reader, scope, ids));
}
