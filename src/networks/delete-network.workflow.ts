import { performOnBackend } from '../backends';
import type { Session } from '../database';
import { TenantScope } from '../kernel';
import { retryRefused } from '../tasks';
import type { Workflow } from '../tasks';
import { networkSubject, networkToRetry } from './create-network.workflow';
import type { NetworkWorkflowServices } from './create-network.workflow';
import { claimantOf } from './network-quota';
import type { NetworkStatus } from './network';

export interface DeleteNetworkTaskInput {
  readonly networkId: string;
  /** What it goes back to when the deletion is cancelled before it began. */
  readonly statusBefore: NetworkStatus;
}

async function showDeleting(
  { store }: NetworkWorkflowServices,
  session: Session,
  networkId: string,
): Promise<void> {
  const network = await store.lock(session, TenantScope.system(), networkId);
  if (!network || network.status === 'DELETING' || network.status === 'DELETED') return;
  await store.update(session, networkId, { status: 'DELETING' });
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
        acts: ['delete'],
        writes: ['show-deleting'],
        do: async (context) => {
          const { network, provider, marker } = await networkSubject(services, context.input.networkId);
          await context.write('show-deleting', (session) => showDeleting(services, session, network.id));
          const ref = { externalId: network.externalId ?? '', marker };
          await performOnBackend<null>(context, provider, 'delete', (call) =>
            provider.deleteNetwork(ref, call),
          );
          return undefined;
        },
      },
    ],
    settle: async (session, { input, status, task }) => {
      const { store } = services;
      const network = await store.lock(session, TenantScope.system(), input.networkId);
      // Its own creation may have been cancelled before this came to its turn.
      if (!network || network.status === 'DELETED') return;
      // Cancelled before it began. A network that was still being made was left to say itself how far it is.
      if (status === 'CANCELLED' && network.status !== 'DELETING') return;
      const patch =
        status === 'SUCCEEDED'
          ? { status: 'DELETED' as const, deletedAt: task.endedAt }
          : { status: status === 'CANCELLED' ? input.statusBefore : ('ERROR' as const) };
      await store.update(session, network.id, patch);
      if (status === 'SUCCEEDED') await services.quotas.release(session, claimantOf(network));
    },
    // It may have been made after all since, and used.
    retry: async (session, { input }) => {
      const network = await networkToRetry(services, session, input.networkId);
      if (await services.isInUse(session, network.id)) {
        throw retryRefused('OBJECT_STATE', 'the network has VMs.');
      }
      return {
        input: { ...input, statusBefore: network.status },
        queued: () => services.store.update(session, network.id, { status: 'DELETING' }),
      };
    },
  };
}
