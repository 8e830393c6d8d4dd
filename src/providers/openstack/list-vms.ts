import { AppError } from '../../kernel';
import type { CallContext, Page, VmObservation } from '../contract';
import type { Server } from './client';
import type { Cloud } from './cloud';
import { isStatus } from './errors';
import { observedAll } from './find-vm';
import { installationTag } from './identity';
import { found, isFailedCreation } from './map-server';

/** Nova's own limit is 1,000 on most clouds. */
const PAGE_SIZE = 500;

/** The last server of a page: by its id the next page is asked for, by its time where it is gone by then. */
interface Position {
  readonly id: string;
  readonly created: string;
}

/** Newest first, as Nova lists; what is made between two pages is on none of them. */
export async function listVms(
  cloud: Cloud,
  query: { readonly installationId: string; readonly pageToken: string | null },
  context: CallContext,
): Promise<Page<VmObservation>> {
  const { installationId, pageToken } = query;
  const after = pageToken === null ? null : positionOf(pageToken);
  const observedAt = Date.now();
  const { servers, next } = await readPage(cloud, installationTag(installationId), after, context);
  const vms = servers
    .flatMap((server) => found(server, observedAt) ?? [])
    .filter(({ marker, server }) => marker?.installationId === installationId && !isFailedCreation(server));
  return { items: await observedAll(cloud, vms, context), nextPageToken: next && tokenOf(next) };
}

interface ServersPage {
  readonly servers: readonly Server[];
  readonly next: Position | null;
}

async function readPage(
  { client }: Cloud,
  tag: string,
  after: Position | null,
  { signal }: CallContext,
): Promise<ServersPage> {
  const { servers } = client.compute;
  const filter = { tags: [tag] };
  try {
    const paging = { limit: PAGE_SIZE, ...(after && { marker: after.id }) };
    const page = await servers.page(filter, paging, { signal });
    return { servers: page.servers, next: page.next === null ? null : (page.servers.at(-1) ?? null) };
  } catch (error) {
    // Nova does not know a marker any more that was deleted since: everything that is older is the rest.
    if (after === null || !isStatus(error, 400)) throw error;
    const all = await servers.list(filter, { signal });
    return { servers: all.filter(({ created }) => created <= after.created), next: null };
  }
}

function tokenOf({ id, created }: Position): string {
  return Buffer.from(JSON.stringify({ id, created })).toString('base64url');
}

function positionOf(token: string): Position {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (isPosition(value)) return value;
  } catch {
    // As below.
  }
  throw new AppError('INVALID_ARGUMENT', 'pageToken: it is not one of ours.');
}

function isPosition(value: unknown): value is Position {
  if (typeof value !== 'object' || value === null || !('id' in value) || !('created' in value)) return false;
  return typeof value.id === 'string' && typeof value.created === 'string';
}
