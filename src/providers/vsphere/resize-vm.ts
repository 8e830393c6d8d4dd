import { AppError } from '../../kernel';
import { done } from '../contract';
import type { CallContext, Outcome, VmObservation, VmRef, VmSize } from '../contract';
import type { VirtualMachineConfigSpec } from './client';
import { sizeChange } from './config-change';
import { disksOf, isLinked } from './map-devices';
import { acceptTask } from './operations';
import { wrongState } from './power';
import { requireOwn } from './find-vm';
import { observe } from './map-vm';
import type { InventoryVm } from './map-vm';
import type { Vcenter } from './vcenter';

/** One reconfiguration for all that is named: vSphere applies it as a whole or not at all. */
export async function resizeVm(
  vcenter: Vcenter,
  ref: VmRef,
  size: VmSize,
  context: CallContext,
): Promise<Outcome<VmObservation>> {
  const vm = await requireOwn(vcenter, ref, context);
  const before = observe(vm);
  const grows = size.diskGib !== undefined && size.diskGib > before.diskGib;
  refuseWhatCannotBe(before, size, grows);
  const spec = sizeChange(vm, size);
  if (spec === null) return done(before);
  if (grows && disksOf(vm.devices).slice(0, 1).some(isLinked)) return promote(vcenter, vm, ref, context);
  return reconfigure(vcenter, vm, ref, spec, context);
}

function refuseWhatCannotBe(before: VmObservation, size: VmSize, grows: boolean): void {
  const { diskGib, cpuCount = before.cpuCount, memoryMib = before.memoryMib } = size;
  if (diskGib !== undefined && diskGib < before.diskGib)
    throw new AppError('INVALID_ARGUMENT', `diskGib: a disk does not shrink; it has ${before.diskGib} GiB.`, {
      details: { field: 'size.diskGib' },
    });
  const reshapes = cpuCount !== before.cpuCount || memoryMib !== before.memoryMib;
  if (reshapes && before.powerState !== 'POWERED_OFF')
    throw wrongState('Processors and memory change only while it is stopped.');
  if (grows && before.powerState === 'SUSPENDED')
    throw wrongState('The disk cannot grow under saved memory: resume or stop it first.');
}

/** A linked clone's disk has to be made whole before it can grow. */
async function promote(
  vcenter: Vcenter,
  vm: InventoryVm,
  { marker }: VmRef,
  context: CallContext,
): Promise<Outcome<VmObservation>> {
  const { signal } = context;
  const task = await vcenter.client.call('PromoteDisks_Task', vm.ref, { unlink: true }, { signal });
  const plan = { then: 'CONTINUE', marker, vm: vm.ref.value, percents: [0, 80] } as const;
  return acceptTask(vcenter, task, plan, context);
}

async function reconfigure(
  vcenter: Vcenter,
  vm: InventoryVm,
  { marker }: VmRef,
  spec: VirtualMachineConfigSpec,
  context: CallContext,
): Promise<Outcome<VmObservation>> {
  const { signal } = context;
  const task = await vcenter.client.call('ReconfigVM_Task', vm.ref, { spec }, { signal });
  return acceptTask(vcenter, task, { then: 'OBSERVE', marker, vm: vm.ref.value }, context);
}
