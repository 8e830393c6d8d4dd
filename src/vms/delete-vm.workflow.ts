import { performOnBackend } from '../backends';
import type { Session } from '../database';
import { TenantScope } from '../kernel';
import type { Workflow } from '../tasks';
import type { VmLifecycle } from './vm';
import { claimantOf } from './vm-quota';
import { vmSubject, vmToRetry } from './vm-workflow';
import type { VmTaskInput, VmWorkflowServices } from './vm-workflow';

export interface DeleteVmTaskInput extends VmTaskInput {
  /** What it goes back to when the deletion is cancelled before it began. */
  readonly lifecycleBefore: VmLifecycle;
}

async function showDeleting({ store }: VmWorkflowServices, session: Session, vmId: string): Promise<void> {
  const vm = await store.lock(session, TenantScope.system(), vmId);
  if (!vm || vm.lifecycle === 'DELETING' || vm.lifecycle === 'DELETED') return;
  await store.update(session, vmId, { lifecycle: 'DELETING' });
}

/** Removes a VM with all that belongs to it. Cannot be taken back, hence nothing to undo. */
export function deleteVmWorkflow(services: VmWorkflowServices): Workflow<DeleteVmTaskInput> {
  return {
    operation: 'DELETE_VM',
    cancellableWhileRunning: false,
    deadlineMs: 10 * 60_000,
    steps: [
      {
        name: 'delete-vm',
        acts: ['delete'],
        writes: ['show-deleting'],
        do: async (context) => {
          const { vm, provider, ref } = await vmSubject(services, context.input.vmId);
          await context.write('show-deleting', (session) => showDeleting(services, session, vm.id));
          await performOnBackend<null>(context, provider, 'delete', (call) => provider.deleteVm(ref, call));
          return undefined;
        },
      },
    ],
    settle: async (session, { input, status, task }) => {
      const { store } = services;
      const vm = await store.lock(session, TenantScope.system(), input.vmId);
      // Its own creation may have been cancelled before this came to its turn.
      if (vm?.lifecycle === 'DELETED') return;
      if (status === 'SUCCEEDED') {
        await store.forgetGuestConfig(session, input.vmId);
        await store.clearAddresses(session, input.vmId);
        const gone = { lifecycle: 'DELETED', powerState: 'UNKNOWN', deletedAt: task.endedAt } as const;
        await store.update(session, input.vmId, gone, 'DELETED');
        if (vm) await services.quotas.release(session, claimantOf(vm));
      } else if (status === 'FAILED') await store.update(session, input.vmId, { lifecycle: 'ERROR' });
      // Cancelled before it began. A VM that was still being made was left to say itself how far it is.
      else if (vm?.lifecycle === 'DELETING') {
        await store.update(session, input.vmId, { lifecycle: input.lifecycleBefore });
      }
    },
    retry: async (session, { input }) => {
      const vm = await vmToRetry(services, session, input.vmId);
      return {
        input: { ...input, lifecycleBefore: vm.lifecycle },
        queued: () => services.store.update(session, vm.id, { lifecycle: 'DELETING' }),
      };
    },
  };
}
