import type { QuotaLedger } from '../allocations';
import { callContext, performOnBackend } from '../backends';
import type { BackendDirectory } from '../backends';
import type { Session } from '../database';
import { AppError, TenantScope } from '../kernel';
import type { NetworkStore } from '../networks';
import type {
  CallContext,
  HypervisorProvider,
  Marker,
  Outcome,
  VmObservation,
  VmRef,
} from '../providers/contract';
import { retryRefused } from '../tasks';
import type { StepContext, TaskOperation, TaskStore, Workflow, WorkflowStep } from '../tasks';
import type { TemplateStore } from '../templates';
import { vmStatus } from './vm';
import { judgeAction } from './vm-action';
import type { VmActionName } from './vm-action';
import type { Vm } from './vm';
import { recordObservation } from './vm-observation';
import type { VmStore } from './vm.store';

/** What the workflows of VMs work with. */
export interface VmWorkflowServices {
  readonly store: VmStore;
  readonly networks: NetworkStore;
  readonly templates: TemplateStore;
  readonly backends: BackendDirectory;
  readonly installationId: string;
  readonly tasks: TaskStore;
  readonly quotas: QuotaLedger;
}

export interface VmTaskInput {
  readonly vmId: string;
}

/** What a step works on, read anew by each step: a restart may lie between two. */
export interface VmSubject {
  readonly vm: Vm;
  readonly provider: HypervisorProvider;
  readonly marker: Marker;
  readonly ref: VmRef;
}

/** @throws NOT_FOUND, FAILED_PRECONDITION when the backend is no longer configured */
export async function vmSubject(services: VmWorkflowServices, vmId: string): Promise<VmSubject> {
  const { store, backends, installationId } = services;
  const vm = await store.find(store.database.reader, TenantScope.system(), vmId);
  if (!vm) throw new AppError('NOT_FOUND', 'The VM is no longer recorded.');
  const { provider } = backends.require(vm.backendId);
  const operationId = vm.createTaskId ?? '';
  const marker = { installationId, tenantId: vm.tenantId, objectId: vm.id, operationId };
  return { vm, provider, marker, ref: { externalId: vm.externalId ?? '', marker } };
}

/**
 * Locks the VM of a failed task that is to be repeated.
 * @throws FAILED_PRECONDITION with the reason OBJECT_STATE when it is deleted or its backend is no longer configured
 */
export async function vmToRetry(
  { store, backends }: VmWorkflowServices,
  session: Session,
  vmId: string,
): Promise<Vm> {
  const vm = await store.lock(session, TenantScope.system(), vmId);
  if (!vm || vm.lifecycle === 'DELETED') throw retryRefused('OBJECT_STATE', 'the VM is DELETED.');
  if (backends.healthOf(vm.backendId).status === 'RETIRED')
    throw retryRefused('OBJECT_STATE', 'its backend is no longer configured.');
  return vm;
}

/** Repeats an action on a VM whose state allows it still. */
export function retryAction<Input extends VmTaskInput>(
  services: VmWorkflowServices,
  action: VmActionName,
): NonNullable<Workflow<Input>['retry']> {
  return async (session, { input }) => {
    const vm = await vmToRetry(services, session, input.vmId);
    const { capabilities } = services.backends.require(vm.backendId).provider;
    const verdict = judgeAction(action, vm, capabilities);
    if (verdict) throw retryRefused('OBJECT_STATE', `${verdict.reason}`);
    return { input };
  };
}

type VmMutation = (subject: VmSubject, call: CallContext) => Promise<Outcome<VmObservation>>;

/** Performs a mutation on the VM's backend and records what came of it together with the end of the step. */
export async function mutateVm(
  services: VmWorkflowServices,
  context: StepContext<VmTaskInput>,
  name: string,
  mutate: VmMutation,
): Promise<{ commit: (session: Session) => Promise<void> }> {
  const subject = await vmSubject(services, context.input.vmId);
  // Queued behind a creation that was taken back, or behind a deletion.
  if (subject.vm.externalId === null || subject.vm.lifecycle === 'DELETED') {
    throw new AppError('FAILED_PRECONDITION', `The VM is ${vmStatus(subject.vm)}.`);
  }
  const observed = await performOnBackend(context, subject.provider, name, (call) => mutate(subject, call));
  return { commit: (session) => recordObservation(services, session, subject.vm.id, observed) };
}

/** Reads the VM from its backend once more, so that a failed operation leaves the truth on record. */
export function observeStep(services: VmWorkflowServices): WorkflowStep<VmTaskInput> {
  return {
    name: 'observe',
    asks: ['get-vm'],
    do: async (context) => {
      const { vm, provider, ref } = await vmSubject(services, context.input.vmId);
      const observed = await context.ask('get-vm', () => provider.getVm(ref, callContext(context)));
      if (!observed) throw new AppError('NOT_FOUND', 'The VM is gone from its backend.');
      return { commit: (session) => recordObservation(services, session, vm.id, observed) };
    },
  };
}

export interface SimpleOperation<Input extends VmTaskInput> {
  readonly operation: TaskOperation;
  readonly action: VmActionName;
  readonly stepName: string;
  readonly deadlineMs: number;
  readonly maxAttempts?: number;
  readonly mutate: (subject: VmSubject, input: Input, call: CallContext) => Promise<Outcome<VmObservation>>;
}

/** A workflow of one mutation and a look at the result. There is nothing to take back: the observed state stands. */
export function simpleVmWorkflow<Input extends VmTaskInput>(
  services: VmWorkflowServices,
  operation: SimpleOperation<Input>,
): Workflow<Input> {
  return {
    operation: operation.operation,
    cancellableWhileRunning: false,
    deadlineMs: operation.deadlineMs,
    steps: [
      {
        name: operation.stepName,
        weight: 4,
        acts: ['mutate'],
        ...(operation.maxAttempts === undefined ? {} : { maxAttempts: operation.maxAttempts }),
        do: (context) =>
          mutateVm(services, context, 'mutate', (subject, call) =>
            operation.mutate(subject, context.input, call),
          ),
      },
      observeStep(services),
    ],
    settle: () => Promise.resolve(),
    retry: retryAction(services, operation.action),
  };
}
