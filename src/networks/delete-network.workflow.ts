import { performOnBackend } from '../backends';
import type { Workflow } from '../tasks';
import { networkSubject } from './create-network.workflow';
import type { NetworkWorkflowServices } from './create-network.workflow';
import type { NetworkStatus } from './network';

export interface DeleteNetworkTaskInput {
  readonly networkId: string;
  /** What it goes back to when the deletion is cancelled before it began. */
  readonly statusBefore: NetworkStatus;
}

/** Removes a network from its backend. Cannot be taken back, hence nothing to undo. */
export function deleteNetworkWorkflow(services: NetworkWorkflowServices): Workflow<DeleteNetworkTaskInput> {
  return {
    operation: 'DELETE_NETWORK',
    cancellableWhileRunning: false,
    deadlineMs: 5 * 60_000,
    steps: [
      {
        name: 'delete-network',
        do: async (context) => {
          const { network, provider, marker } = await networkSubject(services, context.input.networkId);
          const ref = { externalId: network.externalId ?? '', marker };
          await performOnBackend<null>(context, provider, 'delete', (call) =>
            provider.deleteNetwork(ref, call),
          );
          return undefined;
        },
      },
    ],
    settle: async (session, { input, status, task }) => {
      const patch =
        status === 'SUCCEEDED'
          ? { status: 'DELETED' as const, deletedAt: task.endedAt }
          : { status: status === 'CANCELLED' ? input.statusBefore : ('ERROR' as const) };
      await services.store.update(session, input.networkId, patch);
    },
  };
}
