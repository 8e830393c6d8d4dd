import { AppError } from '../../kernel';
import { done } from '../contract';
import type { CallContext, Outcome, PowerState, VmObservation, VmRef } from '../contract';
import type { ServerAction } from './client';
import type { Cloud } from './cloud';
import { busyError, isStatus } from './errors';
import { observed, requireOwn } from './find-vm';
import type { FoundServer } from './map-server';
import { powerStateOf, stateOf } from './map-power-state';
import { acceptWork } from './operations';
import { isReached } from './progress';
import type { Target } from './progress';
import { settleResize } from './resize-settling';

type Answer = Promise<Outcome<VmObservation>>;

/** One piece of Nova's work. */
interface Step {
  readonly action: ServerAction;
  readonly target: Target;
  /** CONTINUE: what was asked for takes another step. */
  readonly then: 'CONTINUE' | 'OBSERVE';
}

/** What brings a server of a state nearer to what is asked for; an error where nothing does. */
type Plan = (vm: FoundServer) => Step;

const running: Target = { kind: 'POWER', powerState: 'POWERED_ON' };
const stopped: Target = { kind: 'POWER', powerState: 'POWERED_OFF' };
const suspended: Target = { kind: 'POWER', powerState: 'SUSPENDED' };

export function startVm(cloud: Cloud, ref: VmRef, context: CallContext): Answer {
  return reach(cloud, ref, 'POWERED_ON', towardsRunning, context);
}

export function resumeVm(cloud: Cloud, ref: VmRef, context: CallContext): Answer {
  const plan: Plan = (vm) => {
    if (powerStateOf(vm.server) !== 'SUSPENDED') throw wrongState('It is not suspended: start it.');
    return towardsRunning(vm);
  };
  return reach(cloud, ref, 'POWERED_ON', plan, context);
}

export function suspendVm(cloud: Cloud, ref: VmRef, context: CallContext): Answer {
  const plan: Plan = ({ server }) => {
    if (powerStateOf(server) !== 'POWERED_ON') throw wrongState('It does not run.');
    return { action: { suspend: null }, target: suspended, then: 'OBSERVE' };
  };
  return reach(cloud, ref, 'SUSPENDED', plan, context);
}

/** Nova has one stop: it asks the guest, and pulls the plug when its own time for that is over. */
export function stopVm(cloud: Cloud, ref: VmRef, mode: 'GRACEFUL' | 'FORCED', context: CallContext): Answer {
  const plan: Plan = (vm) => {
    if (powerStateOf(vm.server) !== 'SUSPENDED')
      return { action: { 'os-stop': null }, target: stopped, then: 'OBSERVE' };
    if (mode === 'GRACEFUL') throw wrongState('It is suspended: resume it first, or stop it by force.');
    // Nova does not stop what is suspended.
    return { ...towardsRunning(vm), then: 'CONTINUE' };
  };
  return reach(cloud, ref, 'POWERED_OFF', plan, context);
}

export async function rebootVm(
  cloud: Cloud,
  ref: VmRef,
  mode: 'GRACEFUL' | 'FORCED',
  context: CallContext,
): Answer {
  const vm = await requireOwn(cloud, ref, context);
  if (stateOf(vm.server).vmState === 'resized') return settleResize(cloud, vm, ref.marker, context);
  refuseBusy(vm);
  if (powerStateOf(vm.server) !== 'POWERED_ON') throw wrongState('It does not run.');
  const type = mode === 'GRACEFUL' ? 'SOFT' : 'HARD';
  const step: Step = { action: { reboot: { type } }, target: { kind: 'REBOOTED' }, then: 'OBSERVE' };
  return take(cloud, vm, ref, step, context);
}

function towardsRunning({ server }: FoundServer): Step {
  return { action: runningAction(stateOf(server).vmState), target: running, then: 'OBSERVE' };
}

function runningAction(vmState: string): ServerAction {
  switch (vmState) {
    case 'suspended':
      return { resume: null };
    case 'paused':
      return { unpause: null };
    case 'shelved':
    case 'shelved_offloaded':
      return { unshelve: null };
    case 'active':
    case 'error':
      // It has stopped or crashed behind Nova's back, who takes nothing else then.
      return { reboot: { type: 'HARD' } };
    default:
      return { 'os-start': null };
  }
}

async function reach(
  cloud: Cloud,
  ref: VmRef,
  powerState: PowerState,
  plan: Plan,
  context: CallContext,
): Answer {
  const vm = await requireOwn(cloud, ref, context);
  if (isReached({ kind: 'POWER', powerState }, vm.server)) return done(await observed(cloud, vm, context));
  if (stateOf(vm.server).vmState === 'resized') return settleResize(cloud, vm, ref.marker, context);
  refuseBusy(vm);
  return take(cloud, vm, ref, plan(vm), context);
}

async function take(cloud: Cloud, vm: FoundServer, ref: VmRef, step: Step, context: CallContext): Answer {
  const { action, target, then } = step;
  const { marker } = ref;
  const server = vm.server.id;
  try {
    await cloud.client.compute.servers.act(server, action, { signal: context.signal });
  } catch (error) {
    if (!isStatus(error, 409)) throw error;
    return afterConflict(cloud, ref, step, error, context);
  }
  return acceptWork(cloud, { server, marker, target, then });
}

/** A conflict says that the state is not what it was a moment ago, or that the server is locked. */
async function afterConflict(
  cloud: Cloud,
  ref: VmRef,
  { target, then }: Step,
  error: unknown,
  context: CallContext,
): Answer {
  const vm = await requireOwn(cloud, ref, context);
  if (then === 'OBSERVE' && target.kind === 'POWER' && isReached(target, vm.server))
    return done(await observed(cloud, vm, context));
  refuseBusy(vm, error);
  throw wrongState('The state of the VM on OpenStack does not allow this.', error);
}

/** @throws UNAVAILABLE with the reason OBJECT_BUSY while Nova works on the server */
export function refuseBusy({ server }: FoundServer, cause?: unknown): void {
  const { vmState, task } = stateOf(server);
  if (task !== null || vmState === 'building') throw busyError(cause);
}

export function wrongState(message: string, cause?: unknown): AppError {
  return new AppError('FAILED_PRECONDITION', message, { cause });
}
