import { AppError, notFound } from '../../kernel';
import type { CallContext, ImageObservation } from '../contract';
import type { MoRef } from './client';
import { readVm } from './find-vm';
import { escapeName, unescapeName } from './identity';
import { GIB, diskBytes, disksOf } from './map-devices';
import type { InventoryVm, VmMoRef } from './map-vm';
import type { Vcenter } from './vcenter';

/** What a VM is cloned from. */
export interface Image {
  readonly ref: VmMoRef;
  readonly name: string;
  readonly diskBytes: number;
  /** Where there is one, clones can share the disk as it was then. */
  readonly snapshot: MoRef<'VirtualMachineSnapshot'> | null;
}

/**
 * A template or a VM by its managed object id or its name in the inventory. VMs of tenants are no images, so that no
 * tenant gets at another's disk by a name.
 */
export async function resolveImage(
  vcenter: Vcenter,
  imageRef: string,
  context: CallContext,
): Promise<ImageObservation | null> {
  const vm =
    (await readImageVm(vcenter, imageRef, context)) ?? (await findByName(vcenter, imageRef, context));
  if (vm === null) return null;
  const minDiskGib = Math.ceil(firstDiskBytes(vm) / GIB);
  return { externalId: vm.ref.value, name: unescapeName(vm.state.name ?? imageRef), minDiskGib };
}

/** @throws NOT_FOUND */
export async function requireImage(
  vcenter: Vcenter,
  externalId: string,
  context: CallContext,
): Promise<Image> {
  const vm = await readImageVm(vcenter, externalId, context);
  if (vm === null) throw notFound('Image', externalId);
  const read = await vcenter.client.read(vm.ref, ['snapshot'], { signal: context.signal });
  return {
    ref: vm.ref,
    name: vm.state.name ?? externalId,
    diskBytes: firstDiskBytes(vm),
    snapshot: read?.snapshot?.currentSnapshot ?? null,
  };
}

async function readImageVm(vcenter: Vcenter, id: string, context: CallContext): Promise<InventoryVm | null> {
  const vm = await readVm(vcenter, { type: 'VirtualMachine', value: id }, context);
  return vm?.ownership === null ? vm : null;
}

/** @throws FAILED_PRECONDITION for an image without a disk */
function firstDiskBytes({ devices }: InventoryVm): number {
  const [disk] = disksOf(devices);
  if (disk === undefined) throw new AppError('FAILED_PRECONDITION', 'The image has no disk.');
  return diskBytes(disk);
}

async function findByName(vcenter: Vcenter, name: string, context: CallContext): Promise<InventoryVm | null> {
  const known = vcenter.images.get(name);
  if (known !== undefined) {
    const vm = await readImageVm(vcenter, known, context);
    if (vm?.state.name === escapeName(name)) return vm;
    vcenter.images.forget(name);
  }
  const [only, ...others] = await searchByName(vcenter, name, context);
  if (only === undefined) return null;
  if (others.length > 0)
    throw new AppError('FAILED_PRECONDITION', 'Several images have this name: use the managed object id.');
  vcenter.images.put(name, only.ref.value);
  return only;
}

/** Templates before VMs. Names are unique in a folder only, and vSphere has no index of them. */
async function searchByName(
  vcenter: Vcenter,
  name: string,
  context: CallContext,
): Promise<readonly InventoryVm[]> {
  const { client } = vcenter;
  const { rootFolder } = await client.content({ signal: context.signal });
  const named: { readonly ref: VmMoRef; readonly template: boolean }[] = [];
  for await (const { ref, properties } of client.retrieveContained(
    rootFolder,
    'VirtualMachine',
    ['name', 'config.template'],
    { signal: context.signal },
  )) {
    if (properties.name === escapeName(name))
      named.push({ ref, template: properties['config.template'] === true });
  }
  const templates = named.filter(({ template }) => template);
  const chosen = templates.length > 0 ? templates : named;
  const vms = await Promise.all(chosen.map(({ ref }) => readImageVm(vcenter, ref.value, context)));
  return vms.filter((vm) => vm !== null);
}
