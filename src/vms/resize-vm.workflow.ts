import { AppError, TenantScope } from '../kernel';
import { FIELDS_OF_RETRY } from '../allocations';
import type { Amounts } from '../allocations';
import { callContext } from '../backends';
import type { Session } from '../database';
import type { VmSize } from '../providers/contract';
import type { StepContext, StepResult, Workflow, WorkflowStep } from '../tasks';
import { needsStop } from './resize-rules';
import { claimantOf } from './vm-quota';
import { mutateVm, observeStep, retryAction, vmSubject } from './vm-workflow';
import type { VmTaskInput, VmWorkflowServices } from './vm-workflow';

export interface ResizeVmTaskInput extends VmTaskInput {
  readonly size: VmSize;
  readonly allowRestart: boolean;
  /** What it may come to, for the quota; absent in tasks from before there was one. */
  readonly holds?: Amounts;
}

type Context = StepContext<ResizeVmTaskInput>;

const NOT_NEEDED: StepResult = { message: 'Not needed: the VM was not stopped for this.' };

interface Plan {
  /** Whether the VM runs now and has to be stopped for the change. */
  readonly restart: boolean;
  /** What a VM that does not start with its new size gets back. A disk does not shrink. */
  readonly before: VmSize | null;
}

/** Decides once, before anything is touched: after a crash the VM may look different because of us. */
function planRestart(services: VmWorkflowServices): WorkflowStep<ResizeVmTaskInput> {
  return {
    name: 'plan-restart',
    asks: ['get-vm'],
    acts: ['resize-running'],
    do: async (context: Context): Promise<StepResult> => {
      const { provider, ref } = await vmSubject(services, context.input.vmId);
      const observed = await context.ask('get-vm', () => provider.getVm(ref, callContext(context)));
      const { size } = context.input;
      const running = observed?.powerState === 'POWERED_ON' ? observed : null;
      if (!running || !needsStop(running, size, provider.capabilities.vm.resize))
        return { output: { restart: false, before: null } satisfies Plan };
      if (!context.input.allowRestart) {
        throw new AppError('FAILED_PRECONDITION', 'The VM has to be stopped for this.', {
          details: { reason: 'NEEDS_STOP' },
        });
      }
      const asks = provider.capabilities.vm.sizes === 'CATALOG';
      const restart = !asks || (await isRefusedWhileRunning(services, context));
      const before = restart ? { cpuCount: running.cpuCount, memoryMib: running.memoryMib } : null;
      return { output: { restart, before } satisfies Plan };
    },
  };
}

/**
 * Only the catalog knows whether the VM has what is asked already, and whether anything has it: it is asked while the
 * VM runs, so that it is not stopped for nothing.
 */
async function isRefusedWhileRunning(services: VmWorkflowServices, context: Context): Promise<boolean> {
  try {
    await mutateVm(services, context, 'resize-running', resizeIt(context));
    return false;
  } catch (error) {
    if (error instanceof AppError && error.code === 'FAILED_PRECONDITION') return true;
    throw error;
  }
}

function resizeIt({ input }: Context): Parameters<typeof mutateVm>[3] {
  return ({ provider, ref }, call) => provider.resizeVm(ref, input.size, call);
}

function stopIfNeeded(services: VmWorkflowServices): WorkflowStep<ResizeVmTaskInput> {
  return {
    name: 'stop-vm',
    acts: ['stop', 'start-again'],
    undoes: 'Starts the VM again, if it was stopped for this.',
    maxAttempts: 2,
    do: async (context: Context) => {
      if (context.output<Plan>('plan-restart')?.restart !== true) return NOT_NEEDED;
      return mutateVm(services, context, 'stop', ({ provider, ref }, call) =>
        provider.stopVm(ref, provider.capabilities.vm.gracefulStop ? 'GRACEFUL' : 'FORCED', call),
      );
    },
    // A VM that was stopped for a resize that then failed runs again.
    undo: async (context: Context) => {
      if (context.output<Plan>('plan-restart')?.restart !== true) return undefined;
      return mutateVm(services, context, 'start-again', startIt);
    },
  };
}

const startIt: Parameters<typeof mutateVm>[3] = ({ provider, ref }, call) => provider.startVm(ref, call);

function startAgain(services: VmWorkflowServices): WorkflowStep<ResizeVmTaskInput> {
  return {
    name: 'start-vm',
    acts: ['start'],
    do: async (context: Context) => {
      if (context.output<Plan>('plan-restart')?.restart !== true) return NOT_NEEDED;
      return mutateVm(services, context, 'start', startIt);
    },
  };
}

/** What the VM is to grow to counts again, as it did with the first request. */
async function holdAgain(
  services: VmWorkflowServices,
  session: Session,
  { vmId, holds }: ResizeVmTaskInput,
  taskId: string,
): Promise<void> {
  const vm = await services.store.lock(session, TenantScope.system(), vmId);
  if (vm && holds) await services.quotas.hold(session, claimantOf(vm), taskId, holds, FIELDS_OF_RETRY);
}

/** Changes a VM's processors, memory or disk; stops and starts it around that where it must and may. */
export function resizeVmWorkflow(services: VmWorkflowServices): Workflow<ResizeVmTaskInput> {
  return {
    operation: 'RESIZE_VM',
    cancellableWhileRunning: false,
    deadlineMs: 15 * 60_000,
    steps: [
      planRestart(services),
      stopIfNeeded(services),
      {
        name: 'resize-vm',
        weight: 3,
        acts: ['resize', 'resize-back'],
        undoes: 'Gives the VM its former processors and memory back, if it was stopped for this.',
        do: (context: Context) => mutateVm(services, context, 'resize', resizeIt(context)),
        // One that would not start with its new size runs again with the old one.
        undo: async (context: Context) => {
          const before = context.output<Plan>('plan-restart')?.before;
          if (!before) return undefined;
          return mutateVm(services, context, 'resize-back', ({ provider, ref }, call) =>
            provider.resizeVm(ref, before, call),
          );
        },
      },
      startAgain(services),
      observeStep(services),
    ],
    settle: async (session, { input, task }) => {
      const vm = await services.store.lock(session, TenantScope.system(), input.vmId);
      if (vm) await services.quotas.endHold(session, claimantOf(vm), task.id);
    },
    retry: async (session, failed) => {
      const again = await retryAction<ResizeVmTaskInput>(services, 'RESIZE')(session, failed);
      return { ...again, queued: (_, task) => holdAgain(services, session, failed.input, task.id) };
    },
  };
}
