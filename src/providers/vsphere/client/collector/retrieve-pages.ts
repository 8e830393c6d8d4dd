import type { ObjectContent, PropertyFilterSpec } from '../schema/property-collector';
import type { MoRef } from '../schema/schema';
import type { Live } from '../session/live';
import { refuseUnauthenticated } from '../session/lost-session';

/** Objects of one page; the server may make smaller ones. */
const PAGE = 1_000;

/**
 * All that a specification selects, page by page. Whoever stops early releases the pages that are left.
 * @throws VimFault; one that `isLostSession` knows where the session is gone
 */
export async function* retrievePages(
  live: Live,
  spec: PropertyFilterSpec,
): AsyncGenerator<readonly ObjectContent[]> {
  const collector = live.login.content.propertyCollector;
  const params = { specSet: [spec], options: { maxObjects: PAGE } };
  let page = await live.call('RetrievePropertiesEx', collector, params);
  let token: string | undefined;
  try {
    while (page !== null) {
      token = page.token;
      refuseUnauthenticated('RetrievePropertiesEx', page.objects);
      yield page.objects;
      if (token === undefined) return;
      page = await live.call('ContinueRetrievePropertiesEx', collector, { token });
    }
  } finally {
    if (token !== undefined) cancel(live, collector, token);
  }
}

function cancel(live: Live, collector: MoRef, token: string): void {
  live.release((later) => later.call('CancelRetrievePropertiesEx', collector, { token }));
}
