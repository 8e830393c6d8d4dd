import { done } from '../contract';
import type { CallContext, Outcome, PowerState, VmObservation, VmRef } from '../contract';
import { afterConflict, isBusy, waitUntilIdle, wrongState } from './busy';
import type { ServerAction } from './client';
import type { Cloud } from './cloud';
import { isStatus } from './errors';
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
  const { vmState, task } = stateOf(vm.server);
  if (vmState === 'resized') return settleResize(cloud, vm, ref.marker, context);
  const step = rebootStep(mode);
  // The reply to an earlier attempt was lost: it is not rebooted twice.
  if (task?.startsWith('reboot') === true) return acceptStep(cloud, vm, ref, step);
  if (isBusy(vm.server)) return waitUntilIdle(cloud, vm, ref.marker);
  if (powerStateOf(vm.server) !== 'POWERED_ON') throw wrongState('It does not run.');
  return take(cloud, vm, ref, step, context);
}

function rebootStep(mode: 'GRACEFUL' | 'FORCED'): Step {
  const type = mode === 'GRACEFUL' ? 'SOFT' : 'HARD';
  return { action: { reboot: { type } }, target: { kind: 'REBOOTED' }, then: 'OBSERVE' };
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
  if (isBusy(vm.server)) return waitUntilIdle(cloud, vm, ref.marker);
  return take(cloud, vm, ref, plan(vm), context);
}

async function take(cloud: Cloud, vm: FoundServer, ref: VmRef, step: Step, context: CallContext): Answer {
  try {
    await cloud.client.compute.servers.act(vm.server.id, step.action, { signal: context.signal });
  } catch (error) {
    if (!isStatus(error, 409)) throw error;
    return afterConflict(cloud, vm, ref, error, context);
  }
  return acceptStep(cloud, vm, ref, step);
}

function acceptStep(
  cloud: Cloud,
  { server }: FoundServer,
  { marker }: VmRef,
  { target, then }: Step,
): Outcome<VmObservation> {
  return acceptWork(cloud, { server: server.id, marker, target, then });
}
