import { AppError } from '../../kernel';
import type { CallContext, Page, VmObservation } from '../contract';
import { mayBeOurs } from './identity';
import { DETAIL_PATHS, STATE_PATHS, detailsOf, observe } from './map-vm';
import type { InventoryVm, VmDetails, VmMoRef, VmState } from './map-vm';
import type { Vcenter } from './vcenter';

const PAGE_SIZE = 2_000;
const PAGE_TOKEN = /^after (.{1,200})$/;

/**
 * A page of our VMs in the order of their ids, so that VMs that come and go between two pages neither hide nor repeat
 * another one. Of foreign VMs only the instance UUID is read.
 */
export async function listVms(
  vcenter: Vcenter,
  query: { readonly installationId: string; readonly pageToken: string | null },
  context: CallContext,
): Promise<Page<VmObservation>> {
  const after = positionOf(query.pageToken);
  const candidates = await listCandidates(vcenter, context);
  const rest = candidates.filter(({ value }) => value > after);
  const page = rest.slice(0, PAGE_SIZE);
  const vms = await readVms(vcenter, page, context);
  return {
    items: vms
      .filter(({ ownership }) => ownership?.complete === true)
      .filter(({ ownership }) => ownership?.marker.installationId === query.installationId)
      .map(observe),
    nextPageToken: rest.length > PAGE_SIZE ? `after ${page.at(-1)?.value ?? ''}` : null,
  };
}

function positionOf(pageToken: string | null): string {
  if (pageToken === null) return '';
  const position = PAGE_TOKEN.exec(pageToken)?.[1];
  if (position === undefined) throw new AppError('INVALID_ARGUMENT', 'pageToken: it is not one of ours.');
  return position;
}

/** What may be ours by its instance UUID. */
async function listCandidates(vcenter: Vcenter, { signal }: CallContext): Promise<readonly VmMoRef[]> {
  const { client, details } = vcenter;
  const { rootFolder } = await client.content({ signal });
  const candidates: VmMoRef[] = [];
  for await (const { ref, properties } of client.retrieveContained(
    rootFolder,
    'VirtualMachine',
    ['config.instanceUuid'],
    { signal },
  )) {
    if (mayBeOurs(properties['config.instanceUuid'])) candidates.push(ref);
  }
  details.keepOnly(new Set(candidates.map(({ value }) => value)));
  return candidates.sort((a, b) => (a.value < b.value ? -1 : 1));
}

/** Those of them that are there, with details from the server only where the configuration has changed. */
export async function readVms(
  vcenter: Vcenter,
  refs: readonly VmMoRef[],
  context: CallContext,
): Promise<readonly InventoryVm[]> {
  const observedAt = Date.now();
  const { signal } = context;
  const states = await vcenter.client.readMany(refs, STATE_PATHS, { signal });
  const details = await readDetails(vcenter, refs, states, context);
  return refs.flatMap((ref) => {
    const state = states.get(ref.value);
    const detail = details.get(ref.value);
    return state === undefined || detail === undefined ? [] : [{ ref, state, observedAt, ...detail }];
  });
}

async function readDetails(
  vcenter: Vcenter,
  refs: readonly VmMoRef[],
  states: ReadonlyMap<string, VmState>,
  { signal }: CallContext,
): Promise<ReadonlyMap<string, VmDetails>> {
  const found = new Map<string, VmDetails>();
  const unknown: VmMoRef[] = [];
  for (const ref of refs) {
    const known = vcenter.details.get(ref.value, states.get(ref.value)?.['config.changeVersion']);
    if (known === null) unknown.push(ref);
    else found.set(ref.value, known);
  }
  const read = await vcenter.client.readMany(unknown, DETAIL_PATHS, { signal });
  for (const [vm, properties] of read) {
    const state = states.get(vm);
    const details = detailsOf(properties, state?.['config.instanceUuid']);
    // Read after the version was, so at least as new as it: a later change has a later version.
    vcenter.details.put(vm, state?.['config.changeVersion'], details);
    found.set(vm, details);
  }
  return found;
}
