import { notFound } from '../../kernel';
import type { CallContext, Marker, VmRef } from '../contract';
import type { Ec2Account } from './account';
import { byAge, carries, isGone } from './instances';
import type { InventoryInstance } from './instances';

/** All instances that carry the marker, the oldest first, those that are gone and still listed among them. */
export async function allByMarker(
  { instances }: Ec2Account,
  marker: Marker,
  { signal }: CallContext,
): Promise<readonly InventoryInstance[]> {
  const made = await instances.byObject(marker.objectId, signal);
  return made.filter((vm) => carries(vm, marker)).toSorted(byAge);
}

/** The VM that carries the marker; null when there is none, or none that is shown already. */
export async function findByMarker(
  account: Ec2Account,
  marker: Marker,
  context: CallContext,
): Promise<InventoryInstance | null> {
  const made = await allByMarker(account, marker, context);
  return made.find(({ instance }) => !isGone(instance)) ?? null;
}

/** What reads show of a reference: it is there, and carries the marker. */
export async function findOwn(
  { instances }: Ec2Account,
  { externalId, marker }: VmRef,
  { signal }: CallContext,
): Promise<InventoryInstance | null> {
  const vm = await instances.byId(externalId, signal);
  return vm !== null && !isGone(vm.instance) && carries(vm, marker) ? vm : null;
}

/** @throws NOT_FOUND, the same for what is not there and for what is somebody else's */
export async function requireOwn(
  account: Ec2Account,
  ref: VmRef,
  context: CallContext,
): Promise<InventoryInstance> {
  const vm = await findOwn(account, ref, context);
  if (vm === null) throw notFound('VM', ref.marker.objectId);
  return vm;
}
