import DataLoader from 'dataloader';
import type { TenantScope } from '../../kernel';
import { requireScope } from '../request-context';
import type { LoaderKey, RequestContext } from '../request-context';

export type IdLoader<T> = DataLoader<string, T | null>;

/**
 * The operation's loader of one noun by id: null for what does not exist and for what the caller must not see, alike.
 * @param findMany asks the store once for a batch, in any order
 */
export function idLoader<T extends { readonly id: string }>(
  context: RequestContext,
  key: LoaderKey<IdLoader<T>>,
  findMany: (scope: TenantScope, ids: readonly string[]) => Promise<readonly T[]>,
): IdLoader<T> {
  return context.loader(
    key,
    () =>
      new DataLoader(async (ids: readonly string[]) => {
        const found = await findMany(requireScope(context), ids);
        const byId = new Map(found.map((one) => [one.id, one]));
        return ids.map((id) => byId.get(id) ?? null);
      }),
  );
}
