import { performOnBackend } from '../backends';
import type { Workflow } from '../tasks';
import type { VmLifecycle } from './vm';
import { vmSubject } from './vm-workflow';
import type { VmTaskInput, VmWorkflowServices } from './vm-workflow';

export interface DeleteVmTaskInput extends VmTaskInput {
  /** What it goes back to when the deletion is cancelled before it began. */
  readonly lifecycleBefore: VmLifecycle;
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
        do: async (context) => {
          const { provider, ref } = await vmSubject(services, context.input.vmId);
          await performOnBackend<null>(context, provider, 'delete', (call) => provider.deleteVm(ref, call));
          return undefined;
        },
      },
    ],
    settle: async (session, { input, status, task }) => {
      const { store } = services;
      if (status === 'SUCCEEDED') {
        await store.forgetGuestConfig(session, input.vmId);
        await store.clearAddresses(session, input.vmId);
        const gone = { lifecycle: 'DELETED', powerState: 'UNKNOWN', deletedAt: task.endedAt } as const;
        await store.update(session, input.vmId, gone, 'DELETED');
      } else {
        const lifecycle = status === 'CANCELLED' ? input.lifecycleBefore : 'ERROR';
        await store.update(session, input.vmId, { lifecycle });
      }
    },
  };
}
