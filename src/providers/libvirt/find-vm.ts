import { AppError, notFound } from '../../kernel';
import { sameOwner } from '../contract';
import type { CallContext, Marker, Page, VmObservation, VmRef } from '../contract';
import { DOMAIN_LIST, DOMAIN_STATS } from './client';
import type { DomainRef } from './client';
import { ordinary } from './host';
import type { LibvirtHost } from './host';
import { backendUuid, isOurName, isUuid } from './identity';
import { readDomainDescription } from './map-domain-description';
import { LeaseBook, observeDomain, orNull } from './observe';

const PAGE_SIZE = 200;

/** The domain that a reference means, if it is there and carries the reference's marker. */
export async function findOwn(
  host: LibvirtHost,
  ref: VmRef,
  context: CallContext,
): Promise<DomainRef | null> {
  const found = await findAny(host, ref, context);
  return found?.own === true ? found.domain : null;
}

/** @throws NOT_FOUND, the same for what is not there and for what is somebody else's */
export async function requireOwn(host: LibvirtHost, ref: VmRef, context: CallContext): Promise<DomainRef> {
  const domain = await findOwn(host, ref, context);
  if (domain === null) throw notFound('VM', ref.marker.objectId);
  return domain;
}

/** The domain behind a reference, ours or not; an empty `externalId` stands for the marker's own. */
export async function findAny(
  host: LibvirtHost,
  { externalId, marker }: VmRef,
  context: CallContext,
): Promise<{ readonly domain: DomainRef; readonly own: boolean } | null> {
  const uuid = externalId === '' ? backendUuid(marker) : externalId;
  if (!isUuid(uuid)) return null;
  const call = ordinary(context);
  const domain = await orNull(host.client.domains.lookupByUuid(uuid, call));
  if (domain === null) return null;
  const xml = await orNull(host.client.domains.getXmlDesc(domain, 0, call));
  if (xml === null) return null;
  const { ownership } = readDomainDescription(xml);
  return { domain, own: ownership !== null && sameOwner(ownership.marker, marker) };
}

/** After a mutation the VM has to be there; that somebody removed it meanwhile is an answer too. */
export async function observeAfter(
  host: LibvirtHost,
  domain: DomainRef,
  marker: Marker,
  context: CallContext,
): Promise<VmObservation> {
  const observation = await observeDomain(host, domain, ordinary(context));
  if (observation === null) throw notFound('VM', marker.objectId);
  return observation;
}

export async function getVm(
  host: LibvirtHost,
  ref: VmRef,
  context: CallContext,
): Promise<VmObservation | null> {
  const domain = await findOwn(host, ref, context);
  return domain === null ? null : observeDomain(host, domain, ordinary(context));
}

/**
 * A page of our VMs in the order of their UUIDs, so that VMs that come and go between two pages neither hide
 * nor repeat another one. States come in one call for all; what is asked of each VM is asked without waiting
 * for the answer about the one before.
 */
export async function listVms(
  host: LibvirtHost,
  query: { readonly installationId: string; readonly pageToken: string | null },
  context: CallContext,
): Promise<Page<VmObservation>> {
  const { pageToken, installationId } = query;
  if (pageToken !== null && !isUuid(pageToken))
    throw new AppError('INVALID_ARGUMENT', 'pageToken: it is not one of ours.');
  const call = ordinary(context);
  const { domains } = host.client;
  const candidates = (await domains.listAll(0, call))
    .filter((domain) => isOurName(domain.name, domain.uuid) && domain.uuid > (pageToken ?? ''))
    .sort((a, b) => (a.uuid < b.uuid ? -1 : 1));
  const page = candidates.slice(0, PAGE_SIZE);
  const [states, saved] = await Promise.all([readStates(host, page, context), readSaved(host, context)]);
  const book = new LeaseBook(host, call);
  const observations = await Promise.all(
    page.map((domain) => {
      const state = states.get(domain.uuid);
      const known = state && { state, hasSavedMemory: saved.has(domain.uuid) };
      return observeDomain(host, domain, call, book, known);
    }),
  );
  return {
    items: observations.filter(
      (one) => one !== null && one.marker?.installationId === installationId,
    ) as VmObservation[],
    nextPageToken: candidates.length > PAGE_SIZE ? (page.at(-1)?.uuid ?? null) : null,
  };
}

async function readStates(
  host: LibvirtHost,
  domains: readonly DomainRef[],
  context: CallContext,
): Promise<ReadonlyMap<string, { state: number; reason: number }>> {
  if (domains.length === 0) return new Map();
  const all = await host.client.domains.getAllStats(
    { stats: DOMAIN_STATS.STATE, domains },
    ordinary(context),
  );
  return new Map(
    all.map(({ domain, stats }) => [
      domain.uuid,
      { state: Number(stats.get('state.state')), reason: Number(stats.get('state.reason')) },
    ]),
  );
}

async function readSaved(host: LibvirtHost, context: CallContext): Promise<ReadonlySet<string>> {
  const saved = await host.client.domains.listAll(DOMAIN_LIST.MANAGED_SAVE, ordinary(context));
  return new Set(saved.map((domain) => domain.uuid));
}
