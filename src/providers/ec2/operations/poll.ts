import { notFound } from '../../../kernel';
import type { AppError } from '../../../kernel';
import type {
  CallContext,
  NetworkObservation,
  OperationProgress,
  OperationRef,
  VmObservation,
} from '../../contract';
import type { Ec2Account } from '../account';
import { stateReasonError } from '../errors';
import { carries, isGone, observe, stateOf } from '../instances';
import type { InventoryInstance } from '../instances';
import { inGrace, running } from './accept';
import { isThere } from './appearance';
import { pollNetwork, pollRemoval } from './poll-network';
import { pollResize } from './poll-resize';
import type {
  AppearancePlan,
  LaunchPlan,
  NetworkPlan,
  PowerPlan,
  RemovalPlan,
  ResizePlan,
  RestPlan,
  TerminationPlan,
} from './stored';

type Progress = Promise<OperationProgress<VmObservation | NetworkObservation | null>>;

/** What an instance is said to be in when it has gone that way by itself. */
const OWN_REQUEST = /^Client\.(User|Instance)InitiatedShutdown$/;

export async function pollOperation(
  account: Ec2Account,
  { type, ref }: OperationRef,
  context: CallContext,
): Progress {
  switch (type) {
    case 'launch':
      return pollLaunch(account, JSON.parse(ref) as LaunchPlan, context);
    case 'power':
      return pollPower(account, JSON.parse(ref) as PowerPlan, context);
    case 'rest':
      return pollRest(account, JSON.parse(ref) as RestPlan, context);
    case 'termination':
      return pollTermination(account, JSON.parse(ref) as TerminationPlan, context);
    case 'resize':
      return pollResize(account, JSON.parse(ref) as ResizePlan, context);
    case 'network':
      return pollNetwork(account, JSON.parse(ref) as NetworkPlan, context);
    case 'removal':
      return pollRemoval(account, JSON.parse(ref) as RemovalPlan, context);
    case 'appearance':
      return pollAppearance(account, JSON.parse(ref) as AppearancePlan, context);
    default:
      return { state: 'LOST' };
  }
}

/** Whatever it became after it ran is no matter of its creation. */
async function pollLaunch(account: Ec2Account, plan: LaunchPlan, { signal }: CallContext): Progress {
  const vm = await account.instances.byId(plan.vm, signal);
  if (vm === null) return inGrace(account, plan) ? running(plan) : { state: 'LOST' };
  if (!carries(vm, plan.marker)) return missing(plan);
  if (isGone(vm.instance)) return { state: 'FAILED', error: reasonOf(vm) };
  // Its volume is listed elsewhere, and may be shown later than it.
  const isShown = stateOf(vm.instance) !== 'pending' && (vm.diskGib > 0 || !inGrace(account, plan));
  return isShown ? { state: 'DONE', value: observe(vm) } : running(plan);
}

async function pollPower(account: Ec2Account, plan: PowerPlan, { signal }: CallContext): Progress {
  const vm = await account.instances.byId(plan.vm, signal);
  if (vm === null || isGone(vm.instance) || !carries(vm, plan.marker)) return missing(plan);
  const state = stateOf(vm.instance);
  if (state === plan.target) return { state: 'DONE', value: observe(vm) };
  if (state === 'pending' || state === 'stopping' || inGrace(account, plan)) return running(plan);
  // It is at rest where it was: it could not start, or the request was dropped.
  const reason = vm.instance.StateReason?.Code;
  if (plan.target === 'running' && reason !== undefined && !OWN_REQUEST.test(reason))
    return { state: 'FAILED', error: reasonOf(vm) };
  return { state: 'LOST' };
}

async function pollRest(account: Ec2Account, plan: RestPlan, { signal }: CallContext): Progress {
  const vm = await account.instances.byId(plan.vm, signal);
  const state = vm && stateOf(vm.instance);
  return state === 'pending' || state === 'stopping' ? running(plan) : { state: 'CONTINUE' };
}

async function pollTermination(
  account: Ec2Account,
  plan: TerminationPlan,
  { signal }: CallContext,
): Progress {
  const found = await Promise.all(plan.vms.map((id) => account.instances.byId(id, signal)));
  const rest = found.filter((vm) => vm !== null && stateOf(vm.instance) !== 'terminated');
  if (rest.length === 0) return { state: 'DONE', value: null };
  // A termination that was accepted and of which nothing shows: the repeated deletion looks again.
  const isDropped = rest.some((vm) => vm !== null && !isGone(vm.instance));
  return isDropped && !inGrace(account, plan) ? { state: 'LOST' } : running(plan);
}

async function pollAppearance(account: Ec2Account, plan: AppearancePlan, context: CallContext): Progress {
  if (await isThere(account, plan.pieces, context)) return { state: 'CONTINUE' };
  // Somebody has removed it: the repeated mutation makes it anew.
  return inGrace(account, plan) ? running(plan) : { state: 'LOST' };
}

function missing({ marker }: LaunchPlan | PowerPlan): OperationProgress<never> {
  return { state: 'FAILED', error: notFound('VM', marker.objectId) };
}

function reasonOf({ id, instance }: InventoryInstance): AppError {
  const { Code, Message } = instance.StateReason ?? {};
  return stateReasonError(Code, new Error(`${id} is ${stateOf(instance)}: ${Code ?? ''} ${Message ?? ''}`));
}
