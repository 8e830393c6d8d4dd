import { AppError } from '../../kernel';
import { done } from '../contract';
import type { CallContext, Outcome, VmObservation, VmRef } from '../contract';
import type { Ec2Account } from './account';
import { isFault } from './client';
import { stillBusy } from './errors';
import { requireOwn } from './find-vm';
import { observe, stateOf } from './instances';
import type { InventoryInstance } from './instances';
import { accept } from './operations';

type Answer = Promise<Outcome<VmObservation>>;

export async function startVm(account: Ec2Account, ref: VmRef, context: CallContext): Answer {
  const vm = await requireOwn(account, ref, context);
  const state = stateOf(vm.instance);
  if (state === 'running') return done(observe(vm));
  // It cannot be asked to start before it has stopped.
  if (state === 'stopping') return afterRest(account, vm, ref);
  if (state === 'stopped') {
    const input = { InstanceIds: [vm.id] };
    const start = () => account.line.send(context.signal, (sdk) => new sdk.StartInstancesCommand(input));
    await begun(start);
  }
  return accept(account, 'power', { vm: vm.id, marker: ref.marker, target: 'running' });
}

/** Both ways end in a guest that is off: EC2 asks it first, and pulls the plug when it does not comply; or at once. */
export async function stopVm(
  account: Ec2Account,
  ref: VmRef,
  mode: 'GRACEFUL' | 'FORCED',
  context: CallContext,
): Answer {
  const vm = await requireOwn(account, ref, context);
  const state = stateOf(vm.instance);
  if (state === 'stopped') return done(observe(vm));
  if (state === 'pending') return afterRest(account, vm, ref);
  // One that is stopping already can still be forced.
  if (state === 'running' || mode === 'FORCED') {
    const input = { InstanceIds: [vm.id], Force: mode === 'FORCED' };
    const stop = () => account.line.send(context.signal, (sdk) => new sdk.StopInstancesCommand(input));
    await begun(stop);
  }
  return accept(account, 'power', { vm: vm.id, marker: ref.marker, target: 'stopped' });
}

/** Over when EC2 has agreed: it does not tell when the guest has booted again, and resets one that does not comply. */
export async function rebootVm(account: Ec2Account, ref: VmRef, context: CallContext): Answer {
  const vm = await requireOwn(account, ref, context);
  const state = stateOf(vm.instance);
  if (state === 'pending' || state === 'stopping') return afterRest(account, vm, ref);
  if (state !== 'running') throw wrongState('It does not run.');
  const input = { InstanceIds: [vm.id] };
  await begun(() => account.line.send(context.signal, (sdk) => new sdk.RebootInstancesCommand(input)));
  return done(observe(vm));
}

export function wrongState(message: string): AppError {
  return new AppError('FAILED_PRECONDITION', message);
}

/** @throws a retryable error when the state has changed since it was read */
async function begun(request: () => Promise<unknown>): Promise<void> {
  try {
    await request();
  } catch (error) {
    throw isFault(error, 'IncorrectInstanceState') ? stillBusy(error) : error;
  }
}

/** It is on its way somewhere: the mutation looks again when it has arrived. */
function afterRest<T>(account: Ec2Account, vm: InventoryInstance, { marker }: VmRef): Outcome<T> {
  return accept(account, 'rest', { vm: vm.id, marker });
}
