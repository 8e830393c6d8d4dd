import { notFound } from '../../kernel';
import { done } from '../contract';
import type { CallContext, Outcome, VmRef } from '../contract';
import { isFault } from './errors';
import { acceptTask } from './operations';
import { stateOf } from './power';
import { cancelConstruction } from './construction';
import { carries, findAny } from './find-vm';
import type { InventoryVm } from './map-vm';
import type { Vcenter } from './vcenter';

/** Powered off first, as vSphere wants it; with its disks, which are files in its folder of the datastore. */
export async function deleteVm(vcenter: Vcenter, ref: VmRef, context: CallContext): Promise<Outcome<null>> {
  const vm = await findAny(vcenter, ref, context);
  if (vm !== null && carries(vm, ref.marker)) return destroyUnlessGone(vcenter, vm, ref, context);
  if (vm !== null && ref.externalId !== '') throw notFound('VM', ref.marker.objectId);
  return (await cancelConstruction(vcenter, ref.marker, context)) ?? done(null);
}

async function destroyUnlessGone(
  vcenter: Vcenter,
  vm: InventoryVm,
  ref: VmRef,
  context: CallContext,
): Promise<Outcome<null>> {
  try {
    return await destroy(vcenter, vm, ref, context);
  } catch (error) {
    // Somebody else has removed it meanwhile.
    if (isFault(error, 'ManagedObjectNotFound')) return done(null);
    throw error;
  }
}

async function destroy(
  vcenter: Vcenter,
  vm: InventoryVm,
  { marker }: VmRef,
  context: CallContext,
): Promise<Outcome<null>> {
  const { client } = vcenter;
  const { signal } = context;
  const plan = { marker, vm: vm.ref.value };
  if (stateOf(vm) !== 'POWERED_OFF') {
    const task = await client.call('PowerOffVM_Task', vm.ref, {}, { signal });
    return acceptTask(vcenter, task, { ...plan, then: 'CONTINUE', percents: [0, 50] }, context);
  }
  const task = await client.call('Destroy_Task', vm.ref, {}, { signal });
  return acceptTask(vcenter, task, { ...plan, then: 'NOTHING', percents: [50, 100] }, context);
}
