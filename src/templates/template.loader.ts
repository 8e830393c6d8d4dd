import DataLoader from 'dataloader';
import { LoaderKey, requireScope } from '../graphql';
import type { RequestContext } from '../graphql';
import type { Template } from './template';
import type { TemplateStore } from './template.store';

const TEMPLATE_BY_ID = new LoaderKey<DataLoader<string, Template | null>>('templateById');

/** Templates by id, as far as the caller may see them. */
export function templateLoader(
  context: RequestContext,
  store: TemplateStore,
): DataLoader<string, Template | null> {
  return context.loader(
    TEMPLATE_BY_ID,
    () =>
      new DataLoader(async (ids: readonly string[]) => {
        const found = await store.findMany(store.database.reader, requireScope(context), ids);
        const byId = new Map(found.map((template) => [template.id, template]));
        return ids.map((id) => byId.get(id) ?? null);
      }),
  );
}
