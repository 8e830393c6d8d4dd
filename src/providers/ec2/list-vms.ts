import { invalidArgument } from '../../kernel';
import type { CallContext, Page, VmObservation } from '../contract';
import type { Ec2Account } from './account';
import { isFault } from './client';
import { LIVING_STATES, observe } from './instances';
import { INSTALLATION_TAG, filter } from './map-marker';

/** A page of EC2's own, whose tokens are handed through. */
export async function listVms(
  { instances }: Ec2Account,
  { installationId, pageToken }: { readonly installationId: string; readonly pageToken: string | null },
  { signal }: CallContext,
): Promise<Page<VmObservation>> {
  const filters = [
    filter(`tag:${INSTALLATION_TAG}`, installationId),
    filter('instance-state-name', ...LIVING_STATES),
  ];
  try {
    const { items, nextPageToken } = await instances.page(filters, pageToken, signal);
    // EC2's filters take `*` and `?` for wildcards, and a page may hold what is half tagged.
    const ours = items.filter(({ marker }) => marker?.installationId === installationId);
    return { items: ours.map(observe), nextPageToken };
  } catch (error) {
    if (pageToken !== null && isFault(error, 'InvalidNextToken', 'InvalidParameterValue'))
      throw invalidArgument('query.pageToken', 'it is not one of EC2.');
    throw error;
  }
}
