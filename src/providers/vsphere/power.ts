import { AppError } from '../../kernel';
import { done } from '../contract';
import type { CallContext, Outcome, PowerState, VmObservation, VmRef } from '../contract';
import type { MoRef } from './client';
import { powerStateOf } from './map-power-state';
import { acceptGuestStop, acceptTask } from './operations';
import { requireOwn } from './find-vm';
import { observe } from './map-vm';
import type { InventoryVm } from './map-vm';
import type { Vcenter } from './vcenter';

type Answer = Promise<Outcome<VmObservation>>;
type PowerTask = 'PowerOnVM_Task' | 'PowerOffVM_Task' | 'ResetVM_Task' | 'SuspendVM_Task';

export function stateOf(vm: InventoryVm): PowerState {
  return powerStateOf(vm.state['runtime.powerState']);
}

/** On a suspended VM it brings back the memory. */
export async function startVm(vcenter: Vcenter, ref: VmRef, context: CallContext): Answer {
  const vm = await requireOwn(vcenter, ref, context);
  if (stateOf(vm) === 'POWERED_ON') return done(observe(vm));
  return beginPower(vcenter, 'PowerOnVM_Task', vm, ref, context);
}

export async function resumeVm(vcenter: Vcenter, ref: VmRef, context: CallContext): Answer {
  const vm = await requireOwn(vcenter, ref, context);
  if (stateOf(vm) === 'POWERED_ON') return done(observe(vm));
  if (stateOf(vm) !== 'SUSPENDED') throw wrongState('It is stopped: start it.');
  return beginPower(vcenter, 'PowerOnVM_Task', vm, ref, context);
}

export async function suspendVm(vcenter: Vcenter, ref: VmRef, context: CallContext): Answer {
  const vm = await requireOwn(vcenter, ref, context);
  if (stateOf(vm) === 'SUSPENDED') return done(observe(vm));
  if (stateOf(vm) !== 'POWERED_ON') throw wrongState('It is stopped.');
  return beginPower(vcenter, 'SuspendVM_Task', vm, ref, context);
}

export async function stopVm(
  vcenter: Vcenter,
  ref: VmRef,
  mode: 'GRACEFUL' | 'FORCED',
  context: CallContext,
): Answer {
  const vm = await requireOwn(vcenter, ref, context);
  if (stateOf(vm) === 'POWERED_OFF') return done(observe(vm));
  if (mode === 'FORCED') return beginPower(vcenter, 'PowerOffVM_Task', vm, ref, context);
  if (stateOf(vm) === 'SUSPENDED') throw wrongState('It is suspended: resume it first, or stop it by force.');
  await vcenter.client.call('ShutdownGuest', vm.ref, {}, { signal: context.signal });
  const deadline = Date.now() + vcenter.config.gracefulStopTimeoutMs;
  return acceptGuestStop(vcenter, { vm: vm.ref.value, marker: ref.marker, deadline }, context);
}

/** A graceful reboot is over when the guest has agreed to it: vSphere does not tell when it has booted again. */
export async function rebootVm(
  vcenter: Vcenter,
  ref: VmRef,
  mode: 'GRACEFUL' | 'FORCED',
  context: CallContext,
): Answer {
  const vm = await requireOwn(vcenter, ref, context);
  if (stateOf(vm) !== 'POWERED_ON') throw wrongState('It does not run.');
  if (mode === 'FORCED') return beginPower(vcenter, 'ResetVM_Task', vm, ref, context);
  await vcenter.client.call('RebootGuest', vm.ref, {}, { signal: context.signal });
  return done(observe(await requireOwn(vcenter, ref, context)));
}

async function beginPower(
  vcenter: Vcenter,
  method: PowerTask,
  vm: InventoryVm,
  { marker }: VmRef,
  context: CallContext,
): Answer {
  const task: MoRef = await vcenter.client.call(method, vm.ref, {}, { signal: context.signal });
  return acceptTask(vcenter, task, { then: 'OBSERVE', marker, vm: vm.ref.value }, context);
}

export function wrongState(message: string): AppError {
  return new AppError('FAILED_PRECONDITION', message);
}
