import { idLoader, LoaderKey } from '../graphql';
import type { IdLoader, RequestContext } from '../graphql';
import type { Template } from './template';
import type { TemplateStore } from './template.store';

const TEMPLATE_BY_ID = new LoaderKey<IdLoader<Template>>('templateById');

/** Templates by id, as far as the caller may see them. */
export function templateLoader(context: RequestContext, store: TemplateStore): IdLoader<Template> {
  return idLoader(context, TEMPLATE_BY_ID, (scope, ids) => store.findMany(store.database.reader, scope, ids));
}
