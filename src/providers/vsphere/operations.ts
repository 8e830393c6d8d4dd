import { AppError, notFound } from '../../kernel';
import { done } from '../contract';
import type {
  CallContext,
  Marker,
  OperationProgress,
  OperationRef,
  Outcome,
  VmObservation,
  VmRef,
} from '../contract';
import type { MoRef, TaskInfo } from './client';
import { isFault, translateFault } from './errors';
import { faultOf, isOpen } from './tasks';
import { findOwn } from './find-vm';
import { observe } from './map-vm';
import type { Vcenter } from './vcenter';

/** How long to wait before asking again: a tenth of a task's age, within these. */
const POLL_MS = { least: 20, most: 2_000 };
/** For what has no age. */
const WAIT_MS = 250;

/** Work that a Task object of the server stands for. Stored as JSON by whoever polls it, so it only ever gains fields. */
export interface TaskPlan {
  /**
   * CONTINUE: the mutation has more to do. LOOK_AGAIN: so it has, however the task ends. OBSERVE: the VM is the answer.
   * NOTHING: null is.
   */
  readonly then: 'CONTINUE' | 'LOOK_AGAIN' | 'OBSERVE' | 'NOTHING';
  readonly marker: Marker;
  /** The value of the VM's reference; empty while there is none. */
  readonly vm: string;
  /** Which part of the mutation's progress the task is, in percent; all of it when absent. */
  readonly percents?: readonly [from: number, to: number];
}

/** A guest that was asked to stop. */
export interface StopPlan {
  readonly marker: Marker;
  readonly vm: string;
  /** In milliseconds since the epoch. */
  readonly deadline: number;
}

type StoredTask = TaskPlan & { readonly task: string };

const TASK = 'task';
const GUEST_STOP = 'guest-stop';

/** Begins a task. When another one holds the object, that one is waited for, and then the mutation looks again. */
export async function beginTask<T>(
  vcenter: Vcenter,
  begin: () => Promise<MoRef>,
  plan: TaskPlan,
  context: CallContext,
): Promise<Outcome<T>> {
  try {
    return await acceptTask(vcenter, await begin(), plan, context);
  } catch (error) {
    const holder = isFault(error, 'TaskInProgress') ? error.fault.task : undefined;
    if (holder === undefined) throw error;
    return acceptTask(vcenter, holder, { ...plan, then: 'LOOK_AGAIN' }, context);
  }
}

/** Answers for a task that was begun: at once where it has ended already. */
export async function acceptTask<T>(
  vcenter: Vcenter,
  task: MoRef,
  plan: TaskPlan,
  context: CallContext,
): Promise<Outcome<T>> {
  const stored: StoredTask = { ...plan, task: task.value };
  return accept({ type: TASK, ref: JSON.stringify(stored) }, () => pollTask(vcenter, stored, context));
}

export async function acceptGuestStop(
  vcenter: Vcenter,
  plan: StopPlan,
  context: CallContext,
): Promise<Outcome<VmObservation>> {
  return accept({ type: GUEST_STOP, ref: JSON.stringify(plan) }, () => pollGuestStop(vcenter, plan, context));
}

async function accept<T>(
  operation: OperationRef,
  poll: () => Promise<OperationProgress<unknown>>,
): Promise<Outcome<T>> {
  const progress = await poll();
  if (progress.state === 'DONE') return done(progress.value as T);
  if (progress.state === 'FAILED') throw progress.error;
  const pollAfterMs = progress.state === 'RUNNING' ? progress.pollAfterMs : 0;
  return { state: 'ACCEPTED', operation, pollAfterMs };
}

export async function pollOperation(
  vcenter: Vcenter,
  { type, ref }: OperationRef,
  context: CallContext,
): Promise<OperationProgress<VmObservation | null>> {
  if (type === TASK) return pollTask(vcenter, JSON.parse(ref) as StoredTask, context);
  if (type === GUEST_STOP) return pollGuestStop(vcenter, JSON.parse(ref) as StopPlan, context);
  return { state: 'LOST' };
}

async function pollTask(
  vcenter: Vcenter,
  stored: StoredTask,
  context: CallContext,
): Promise<OperationProgress<VmObservation | null>> {
  const { signal } = context;
  const read = await vcenter.client.read({ type: 'Task', value: stored.task }, ['info'], { signal });
  const info = read?.info;
  // vCenter forgets tasks some time after they have ended: the repeated mutation finds out what became of it.
  if (info === undefined || isForeign(info, stored)) return { state: 'LOST' };
  if (isOpen(info)) return running(info, stored);
  const vm = stored.vm === '' ? createdBy(info) : stored.vm;
  if (vm !== '') vcenter.ownChanges.tell(vm);
  if (stored.then === 'LOOK_AGAIN') return { state: 'CONTINUE' };
  if (info.state !== 'success') return failed(vcenter, info, context);
  if (stored.then === 'CONTINUE') return { state: 'CONTINUE' };
  if (stored.then === 'NOTHING') return { state: 'DONE', value: null };
  return observed(vcenter, { externalId: vm, marker: stored.marker }, context);
}

/** A server that was set back to an earlier state gives out its tasks' ids again. A clone is a task of its template. */
function isForeign({ entity }: TaskInfo, { vm, then }: StoredTask): boolean {
  return vm !== '' && then !== 'LOOK_AGAIN' && entity !== undefined && entity.value !== vm;
}

function running(info: TaskInfo, { percents: [from, to] = [0, 100] }: StoredTask): OperationProgress<never> {
  const percent = info.progress === undefined ? null : from + ((to - from) * info.progress) / 100;
  const age = info.startTime === undefined ? 0 : Date.now() - info.startTime.getTime();
  const pollAfterMs = Math.round(Math.min(POLL_MS.most, Math.max(POLL_MS.least, age / 10)));
  return { state: 'RUNNING', percent, pollAfterMs };
}

function createdBy({ result }: TaskInfo): string {
  return typeof result === 'object' &&
    result !== null &&
    'value' in result &&
    typeof result.value === 'string'
    ? result.value
    : '';
}

/**
 * The state that a mutation found may have changed before its task ran, and a name may have been taken by the same
 * mutation of another process: then the mutation looks again and says what is the matter.
 */
const LOOK_AGAIN: ReadonlySet<string> = new Set([
  'InvalidPowerState',
  'DuplicateName',
  'ManagedObjectNotFound',
]);

async function failed(
  vcenter: Vcenter,
  info: TaskInfo,
  { signal }: CallContext,
): Promise<OperationProgress<never>> {
  const fault = faultOf(info);
  const holder = fault.type === 'TaskInProgress' ? fault.fault.task : undefined;
  if (holder !== undefined) {
    const read = await vcenter.client.read({ type: 'Task', value: holder.value }, ['info'], { signal });
    const isHeld = read?.info !== undefined && isOpen(read.info);
    return isHeld ? { state: 'RUNNING', percent: null, pollAfterMs: WAIT_MS } : { state: 'CONTINUE' };
  }
  return LOOK_AGAIN.has(fault.type)
    ? { state: 'CONTINUE' }
    : { state: 'FAILED', error: translateFault(fault) };
}

async function pollGuestStop(
  vcenter: Vcenter,
  { vm, marker, deadline }: StopPlan,
  context: CallContext,
): Promise<OperationProgress<VmObservation | null>> {
  const progress = await observed(vcenter, { externalId: vm, marker }, context);
  if (progress.state !== 'DONE' || progress.value?.powerState === 'POWERED_OFF') return progress;
  if (Date.now() < deadline) return { state: 'RUNNING', percent: null, pollAfterMs: WAIT_MS };
  const error = new AppError('DEADLINE_EXCEEDED', 'The guest did not comply in time.', { retryable: false });
  return { state: 'FAILED', error };
}

async function observed(
  vcenter: Vcenter,
  ref: VmRef,
  context: CallContext,
): Promise<OperationProgress<VmObservation>> {
  const vm = await findOwn(vcenter, ref, context);
  if (vm === null) return { state: 'FAILED', error: notFound('VM', ref.marker.objectId) };
  return { state: 'DONE', value: observe(vm) };
}
