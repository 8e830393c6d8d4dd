import { notFound } from '../../kernel';
import { sameOwner } from '../contract';
import type { CallContext, Marker, VmRef } from '../contract';
import { instanceUuid } from './identity';
import { DETAIL_PATHS, STATE_PATHS, detailsOf } from './map-vm';
import type { InventoryVm, VmMoRef } from './map-vm';
import { findVmByUuid } from './search-index';
import type { Vcenter } from './vcenter';

/** Null when it is not there. */
export async function readVm(
  { client }: Vcenter,
  ref: VmMoRef,
  { signal }: CallContext,
): Promise<InventoryVm | null> {
  const observedAt = Date.now();
  const properties = await client.read(ref, [...STATE_PATHS, ...DETAIL_PATHS], { signal });
  if (properties === null) return null;
  return { ref, state: properties, observedAt, ...detailsOf(properties, properties['config.instanceUuid']) };
}

/** The VM that carries the marker, complete or not; null when there is none. */
export async function findByMarker(
  vcenter: Vcenter,
  marker: Marker,
  context: CallContext,
): Promise<InventoryVm | null> {
  const found = await findVmByUuid(vcenter, instanceUuid(marker), context);
  const vm = found && (await readVm(vcenter, found, context));
  return vm !== null && carries(vm, marker) ? vm : null;
}

export function carries(vm: InventoryVm, marker: Marker): boolean {
  return vm.ownership !== null && sameOwner(vm.ownership.marker, marker);
}

/**
 * The VM behind a reference, complete or not, ours or not: by its id, and by its marker where the id is empty or leads
 * nowhere any more, as it does when the VM was registered anew.
 */
export async function findAny(
  vcenter: Vcenter,
  { externalId, marker }: VmRef,
  context: CallContext,
): Promise<InventoryVm | null> {
  const byId =
    externalId === '' ? null : await readVm(vcenter, { type: 'VirtualMachine', value: externalId }, context);
  return byId ?? findByMarker(vcenter, marker, context);
}

/** What reads show: it carries the marker, and nothing of its creation is left to do. */
export async function findOwn(
  vcenter: Vcenter,
  ref: VmRef,
  context: CallContext,
): Promise<InventoryVm | null> {
  const vm = await findAny(vcenter, ref, context);
  return vm !== null && carries(vm, ref.marker) && vm.ownership?.complete === true ? vm : null;
}

/** @throws NOT_FOUND, the same for what is not there and for what is somebody else's */
export async function requireOwn(vcenter: Vcenter, ref: VmRef, context: CallContext): Promise<InventoryVm> {
  const vm = await findOwn(vcenter, ref, context);
  if (vm === null) throw notFound('VM', ref.marker.objectId);
  return vm;
}
