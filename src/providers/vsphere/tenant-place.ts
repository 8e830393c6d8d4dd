import type { CallContext } from '../contract';
import type { MoRef } from './client';
import { isFault } from './errors';
import type { Place } from './placement';
import { findChild } from './search-index';
import type { Vcenter } from './vcenter';

/** A tenant's own folder and resource pool, so that its VMs can be seen, limited and permitted apart. */
export interface TenantPlace {
  readonly folder: MoRef<'Folder'>;
  readonly pool: MoRef<'ResourcePool'>;
}

/** Makes what is missing. */
export async function ensureTenantPlace(
  vcenter: Vcenter,
  place: Place,
  tenantId: string,
  context: CallContext,
): Promise<TenantPlace> {
  const path = [vcenter.config.folder, tenantId];
  return {
    folder: { type: 'Folder', value: await ensurePath(vcenter, place.vmFolder, path, makeFolder, context) },
    pool: { type: 'ResourcePool', value: await ensurePath(vcenter, place.rootPool, path, makePool, context) },
  };
}

/** The tenant's folder if there is one. */
export async function findTenantFolder(
  vcenter: Vcenter,
  place: Place,
  tenantId: string,
  context: CallContext,
): Promise<MoRef | null> {
  const ours = await findChild(vcenter, place.vmFolder, vcenter.config.folder, context);
  return ours === null ? null : findChild(vcenter, ours, tenantId, context);
}

type Make = (vcenter: Vcenter, parent: MoRef, name: string, context: CallContext) => Promise<MoRef>;

async function ensurePath(
  vcenter: Vcenter,
  root: MoRef,
  names: readonly string[],
  make: Make,
  context: CallContext,
): Promise<string> {
  let parent = root;
  for (const name of names) {
    const holder = parent;
    // In turns, because not every server refuses a second folder of the same name.
    parent = await vcenter.locks.run(`${holder.type} ${holder.value} ${name}`, async () => {
      const found = await findChild(vcenter, holder, name, context);
      return found ?? makeOrFind(vcenter, holder, name, make, context);
    });
  }
  return parent.value;
}

async function makeOrFind(
  vcenter: Vcenter,
  parent: MoRef,
  name: string,
  make: Make,
  context: CallContext,
): Promise<MoRef> {
  try {
    return await make(vcenter, parent, name, context);
  } catch (error) {
    if (!isFault(error, 'DuplicateName')) throw error;
    // Another process was faster.
    const found = await findChild(vcenter, parent, name, context);
    if (found === null) throw error;
    return found;
  }
}

const makeFolder: Make = ({ client }, parent, name, { signal }) =>
  client.call('CreateFolder', parent, { name }, { signal });

/** Without reservation and limit: a pool of its own is what they can be set on. */
const UNLIMITED = {
  reservation: 0,
  expandableReservation: true,
  limit: -1,
  shares: { shares: 4000, level: 'normal' },
};

const makePool: Make = ({ client }, parent, name, { signal }) => {
  const spec = { cpuAllocation: UNLIMITED, memoryAllocation: UNLIMITED };
  return client.call('CreateResourcePool', parent, { name, spec }, { signal });
};
