import { AppError } from '../../kernel';
import { done, ownerKey } from '../contract';
import type { CallContext, Outcome, VmObservation, VmSpec } from '../contract';
import type { MoRef, VirtualMachineCloneSpec } from './client';
import { completion } from './config-change';
import { findConstruction } from './construction';
import { instanceUuid, vmInventoryName } from './identity';
import { requireImage } from './images';
import type { Image } from './images';
import { GIB } from './map-devices';
import { ownershipOption } from './map-marker';
import { cardBackings } from './networks';
import { acceptTask } from './operations';
import { findDatastore, findPlace } from './placement';
import type { Place } from './placement';
import { ensureTenantPlace } from './tenant-place';
import type { TenantPlace } from './tenant-place';
import { findByMarker } from './find-vm';
import { observe } from './map-vm';
import type { InventoryVm } from './map-vm';
import type { Vcenter } from './vcenter';

type Answer = Promise<Outcome<VmObservation>>;

/** How much of the progress of a creation is its first stage, the copying of the disk. */
const CLONED_PERCENT = 80;

/**
 * In two stages: a clone that carries the marker from its very beginning, then one reconfiguration that makes it what it
 * was asked to be and its record complete. Whoever repeats it goes on where the inventory says that it stands.
 */
export function createVm(vcenter: Vcenter, spec: VmSpec, context: CallContext): Answer {
  // Two attempts at once in this process; those of other processes meet at the name, which is taken.
  return vcenter.locks.run(ownerKey(spec.marker), async () => {
    const vm = await findByMarker(vcenter, spec.marker, context);
    if (vm === null) return clone(vcenter, spec, context);
    if (vm.ownership?.complete === true) return done(observe(vm));
    return complete(vcenter, vm, spec, context);
  });
}

async function clone(vcenter: Vcenter, spec: VmSpec, context: CallContext): Answer {
  const { marker } = spec;
  const image = await requireImage(vcenter, spec.imageExternalId, context);
  requireRoom(image, spec);
  // Refused before anything is made.
  await cardBackings(vcenter, spec.networks, context);
  const place = await findPlace(vcenter, context);
  const own = await ensureTenantPlace(vcenter, place, marker.tenantId, context);
  const begun = await findConstruction(vcenter, own.folder, marker, context);
  if (begun !== null && begun.task === null)
    throw new AppError('UNAVAILABLE', 'vSphere is still working on an earlier attempt.');
  const task = begun?.task ?? (await beginClone(vcenter, { spec, image, place, own }, context));
  const plan = { then: 'CONTINUE', marker, vm: '', percents: [0, CLONED_PERCENT] } as const;
  return acceptTask(vcenter, task, plan, context);
}

function requireRoom({ diskBytes }: Image, { diskGib }: VmSpec): void {
  if (diskGib * GIB >= diskBytes) return;
  throw new AppError('INVALID_ARGUMENT', 'diskGib: the disk is smaller than the image.', {
    details: { field: 'spec.diskGib' },
  });
}

interface CloneParts {
  readonly spec: VmSpec;
  readonly image: Image;
  readonly place: Place;
  readonly own: TenantPlace;
}

async function beginClone(vcenter: Vcenter, parts: CloneParts, context: CallContext): Promise<MoRef> {
  const { spec, image, own } = parts;
  const params = {
    folder: own.folder,
    name: vmInventoryName(spec.name, spec.marker),
    spec: await cloneSpec(vcenter, parts, context),
  };
  return vcenter.client.call('CloneVM_Task', image.ref, params, { signal: context.signal });
}

/** A linked clone's disk cannot grow, so only a VM with a disk of the image's size is one. */
async function cloneSpec(
  vcenter: Vcenter,
  { spec, image, place, own }: CloneParts,
  context: CallContext,
): Promise<VirtualMachineCloneSpec> {
  const { marker, name } = spec;
  const linked = image.snapshot !== null && spec.diskGib * GIB === image.diskBytes;
  const location = linked
    ? { pool: own.pool, diskMoveType: 'createNewChildDiskBacking' }
    : {
        datastore: await findDatastore(vcenter, place, spec.diskGib, context),
        pool: own.pool,
        diskMoveType: 'moveAllDiskBackingsAndDisallowSharing',
      };
  return {
    location,
    template: false,
    config: {
      instanceUuid: instanceUuid(marker),
      extraConfig: [ownershipOption({ marker, name, complete: false })],
    },
    powerOn: false,
    ...(linked && image.snapshot !== null && { snapshot: image.snapshot }),
  };
}

async function complete(vcenter: Vcenter, vm: InventoryVm, spec: VmSpec, context: CallContext): Answer {
  const backings = await cardBackings(vcenter, spec.networks, context);
  const change = completion(vm, spec, backings);
  const call = { signal: context.signal };
  const task = await vcenter.client.call('ReconfigVM_Task', vm.ref, { spec: change }, call);
  const plan = {
    then: 'OBSERVE',
    marker: spec.marker,
    vm: vm.ref.value,
    percents: [CLONED_PERCENT, 100],
  } as const;
  return acceptTask(vcenter, task, plan, context);
}
