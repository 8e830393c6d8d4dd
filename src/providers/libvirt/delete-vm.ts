import { crashPoint, notFound } from '../../kernel';
import type { CallContext, VmRef } from '../contract';
import { DOMAIN_UNDEFINE } from './client';
import type { DomainRef } from './client';
import { findAny } from './find-vm';
import { ordinary } from './host';
import type { LibvirtHost } from './host';
import { backendUuid, vmVolumeNames } from './identity';
import { orNull } from './observe';
import { forceOff } from './power';
import { removeVolumes } from './storage';

/** Whatever keeps a definition from being removed goes with it. */
const WITH_EVERYTHING =
  DOMAIN_UNDEFINE.MANAGED_SAVE |
  DOMAIN_UNDEFINE.SNAPSHOTS_METADATA |
  DOMAIN_UNDEFINE.NVRAM |
  DOMAIN_UNDEFINE.CHECKPOINTS_METADATA;

/**
 * Removes the domain, then the volumes by their names, which follow from the marker: so a repetition finds
 * them also after the domain is gone, and what a creation left behind that never came to a domain.
 */
export function deleteVm(host: LibvirtHost, ref: VmRef, context: CallContext): Promise<null> {
  const own = backendUuid(ref.marker);
  return host.locks.run(`vm ${own}`, async () => {
    const { prefix } = vmVolumeNames(ref.marker);
    // The volumes belong to the marker's domain, also where the reference names another one.
    const uuids = new Set([ref.externalId === '' ? own : ref.externalId, own]);
    const found = await Promise.all(
      [...uuids].map((externalId) => findAny(host, { ...ref, externalId }, context)),
    );
    if (found.some((one) => one !== null && !one.own)) throw notFound('VM', ref.marker.objectId);
    for (const one of found) if (one !== null) await removeDomain(host, one.domain, context);
    crashPoint('libvirt.deleteVm.domain');
    await removeVolumes(host, prefix, context);
    return null;
  });
}

async function removeDomain(host: LibvirtHost, domain: DomainRef, context: CallContext): Promise<void> {
  await orNull(forceOff(host, domain, context));
  await orNull(host.client.domains.undefine(domain, WITH_EVERYTHING, ordinary(context)));
}
