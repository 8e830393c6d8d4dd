import { sameOwner } from '../../contract';
import type { CallContext, Marker } from '../../contract';
import type { Network, Router } from '../client';
import type { Cloud } from '../cloud';
import { networkName, readRecord, routerDescription } from './record';
import type { NetworkRecord } from './record';

/** A network that carries our record. */
export interface OwnNetwork {
  readonly network: Network;
  readonly record: NetworkRecord;
}

/**
 * All that a marker's creations have made, the one that counts first: one that is complete, else the oldest. There are
 * several only where it was made twice in the same moment.
 */
export async function findNetworks(
  { client }: Cloud,
  marker: Marker,
  context: CallContext,
): Promise<readonly OwnNetwork[]> {
  const named = await client.network.networks.list({ name: networkName(marker) }, context);
  return named.flatMap((network) => ownedBy(marker, network) ?? []).sort(bySeniority);
}

/** Null for what is not ours. */
export function ownedBy(marker: Marker, network: Network): OwnNetwork | null {
  const record = readRecord(network.description);
  return record !== null && sameOwner(record.marker, marker) ? { network, record } : null;
}

/** Whether the tenant has any network, be it one that is only begun. */
export async function hasNetworks(
  { client }: Cloud,
  { installationId, tenantId }: Marker,
  context: CallContext,
): Promise<boolean> {
  const all = await client.network.networks.list({}, context);
  return all.some(({ description }) => {
    const owner = readRecord(description)?.marker;
    return owner?.installationId === installationId && owner.tenantId === tenantId;
  });
}

/** The oldest first. */
export async function findRouters(
  { client }: Cloud,
  marker: Marker,
  context: CallContext,
): Promise<readonly Router[]> {
  const description = routerDescription(marker);
  const named = await client.network.routers.list({ name: networkName(marker), description }, context);
  return describedAs(description, named);
}

interface Described extends Aged {
  readonly description?: string | null | undefined;
}

/**
 * Those with exactly this description, the oldest first: the databases of most clouds take upper case for lower case, and
 * a filter that a cloud does not know it passes over.
 */
export function describedAs<T extends Described>(description: string, found: readonly T[]): readonly T[] {
  return found.filter((one) => one.description === description).sort(byAge);
}

interface Aged {
  readonly id: string;
  readonly created_at?: string | null | undefined;
}

/** The same order for whoever asks: clouds tell the time in seconds. */
function byAge(one: Aged, other: Aged): number {
  return compare(one.created_at ?? '', other.created_at ?? '') || compare(one.id, other.id);
}

function bySeniority(one: OwnNetwork, other: OwnNetwork): number {
  return Number(other.record.complete) - Number(one.record.complete) || byAge(one.network, other.network);
}

function compare(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}
