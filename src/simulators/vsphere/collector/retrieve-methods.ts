import { childrenOf } from '../vim/element';
import type { VimValue } from '../vim/values';
import { invalidArgument, optionalInt, requireChild, requireText } from '../service/arguments';
import type { ServiceCall, ServiceTable } from '../service/service-method';
import { collectorOf } from './session-collector';
import { readFilterSpec } from './filter-spec';
import type { FilterSpec } from './filter-spec';
import { Retrieval, retrieveResult } from './retrieval';

/** vCenter's own page, when the client does not say how many objects it wants. */
const DEFAULT_PAGE_OBJECTS = 100;

/** Reading properties once. */
export const retrieveMethods: ServiceTable = {
  type: 'PropertyCollector',
  // A stranger gets an answer in which every property is missing, with NotAuthenticated for a reason.
  withoutSession: ['RetrieveProperties', 'RetrievePropertiesEx'],
  methods: {
    RetrieveProperties: (call) =>
      new Retrieval(specsOf(call), Number.MAX_SAFE_INTEGER, call.scope).page(call.scope),
    RetrievePropertiesEx: (call) => retrieve(call),
    ContinueRetrievePropertiesEx: (call) => page(call, takeRetrieval(call)),
    CancelRetrievePropertiesEx: (call) => {
      takeRetrieval(call);
      return undefined;
    },
  },
};

function specsOf(call: ServiceCall): readonly FilterSpec[] {
  const specs = childrenOf(call.request, 'specSet').map(readFilterSpec);
  if (specs.length === 0) throw invalidArgument('specSet');
  return specs;
}

function retrieve(call: ServiceCall): VimValue | undefined {
  const specs = specsOf(call);
  const maxObjects = optionalInt(requireChild(call.request, 'options'), 'maxObjects');
  if (maxObjects !== null && maxObjects <= 0) throw invalidArgument('options.maxObjects');
  // Without a session there is nowhere to keep what is left.
  const pageSize = call.session ? (maxObjects ?? DEFAULT_PAGE_OBJECTS) : Number.MAX_SAFE_INTEGER;
  return page(call, new Retrieval(specs, pageSize, call.scope));
}

function page(call: ServiceCall, retrieval: Retrieval): VimValue | undefined {
  const objects = retrieval.page(call.scope);
  const token = retrieval.isDone || !call.session ? null : collectorOf(call).retrievals.keep(retrieval);
  return retrieveResult(objects, token);
}

function takeRetrieval(call: ServiceCall): Retrieval {
  const retrieval = collectorOf(call).retrievals.take(requireText(call.request, 'token').trim());
  if (!retrieval) throw invalidArgument('token');
  return retrieval;
}
