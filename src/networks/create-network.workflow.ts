import { FIELDS_OF_RETRY, isLeft } from '../allocations';
import type { QuotaLedger } from '../allocations';
import { awaitListing, callContext, performOnBackend } from '../backends';
import type { BackendDirectory } from '../backends';
import type { Session } from '../database';
import { AppError, TenantScope } from '../kernel';
import type { HypervisorProvider, Marker, NetworkObservation } from '../providers/contract';
import { retryRefused } from '../tasks';
import type { StepContext, TaskEnd, TaskStore, Workflow, WorkflowStep } from '../tasks';
import type { Network } from './network';
import { claimantOf, MAKING_STEP, ONE_NETWORK } from './network-quota';
import type { NetworkStore } from './network.store';

export interface CreateNetworkTaskInput {
  readonly networkId: string;
}

/** Tells whether something still uses a network. Nouns that come after networks provide it. */
export type NetworkUsage = (session: Session, networkId: string) => Promise<boolean>;

export interface NetworkWorkflowServices {
  readonly store: NetworkStore;
  readonly backends: BackendDirectory;
  readonly installationId: string;
  readonly tasks: TaskStore;
  readonly quotas: QuotaLedger;
  readonly isInUse: NetworkUsage;
}

/** The marker that a network carries on its backend. */
export function networkMarker(installationId: string, network: Network): Marker {
  return {
    installationId,
    tenantId: network.tenantId,
    objectId: network.id,
    operationId: network.createTaskId ?? '',
  };
}

interface Subject {
  readonly network: Network;
  readonly provider: HypervisorProvider;
  readonly marker: Marker;
}

/** Reads what a step works on. */
export async function networkSubject(services: NetworkWorkflowServices, networkId: string): Promise<Subject> {
  const { store, backends, installationId } = services;
  const network = await store.find(store.database.reader, TenantScope.system(), networkId);
  if (!network) throw new AppError('NOT_FOUND', 'The network is no longer recorded.');
  const { provider } = backends.require(network.backendId);
  return { network, provider, marker: networkMarker(installationId, network) };
}

/**
 * Locks the network of a failed task that is to be repeated.
 * @throws FAILED_PRECONDITION with the reason OBJECT_STATE unless it is in ERROR and its backend configured
 */
export async function networkToRetry(
  { store, backends }: NetworkWorkflowServices,
  session: Session,
  networkId: string,
): Promise<Network> {
  const network = await store.lock(session, TenantScope.system(), networkId);
  if (network?.status !== 'ERROR') {
    throw retryRefused('OBJECT_STATE', `the network is ${network?.status ?? 'DELETED'}.`);
  }
  if (backends.healthOf(network.backendId).status === 'RETIRED')
    throw retryRefused('OBJECT_STATE', 'its backend is no longer configured.');
  return network;
}

type Context = StepContext<CreateNetworkTaskInput>;

function reachBackend(services: NetworkWorkflowServices): WorkflowStep<CreateNetworkTaskInput> {
  return {
    name: 'reach-backend',
    asks: ['probe'],
    do: async (context: Context) => {
      const { provider } = await networkSubject(services, context.input.networkId);
      // What it runs is the administrator's to know; the message is the tenant's.
      await context.ask('probe', () => provider.probe(callContext(context)));
      return { message: 'The backend answers.' };
    },
  };
}

function createOnBackend(services: NetworkWorkflowServices): WorkflowStep<CreateNetworkTaskInput> {
  return {
    name: MAKING_STEP,
    weight: 4,
    acts: ['create', 'delete'],
    undoes: 'Removes the network from the backend.',
    do: async (context: Context) => {
      const { network, provider, marker } = await networkSubject(services, context.input.networkId);
      await awaitListing(context, provider);
      const { name, mode, cidr } = network;
      const made = await performOnBackend<NetworkObservation>(context, provider, 'create', (call) =>
        provider.createNetwork({ marker, name, mode, cidr }, call),
      );
      const { externalId } = made;
      return { commit: (session) => services.store.update(session, network.id, { externalId }) };
    },
    undo: async (context: Context) => {
      const { network, provider, marker } = await networkSubject(services, context.input.networkId);
      await awaitListing(context, provider, network.externalId === null);
      const ref = { externalId: network.externalId ?? '', marker };
      await performOnBackend<null>(context, provider, 'delete', (call) => provider.deleteNetwork(ref, call));
      return { commit: (session) => services.store.update(session, network.id, { externalId: null }) };
    },
  };
}

/** As for VMs: what was made counts, and what may be left; what was taken back does not. */
async function settleQuota(
  { store, tasks, quotas }: NetworkWorkflowServices,
  session: Session,
  networkId: string,
  status: TaskEnd<unknown>['status'],
  taskId: string,
): Promise<void> {
  const network = await store.lock(session, TenantScope.system(), networkId);
  if (!network) return;
  const steps = async () => (await tasks.stepsOf(session, [taskId])).get(taskId) ?? [];
  const stays = status === 'SUCCEEDED' || (status === 'FAILED' && isLeft(await steps(), MAKING_STEP));
  if (stays) await quotas.commit(session, claimantOf(network), taskId, ONE_NETWORK);
  else await quotas.endHold(session, claimantOf(network), taskId);
}

/** Makes a network on its backend. */
export function createNetworkWorkflow(services: NetworkWorkflowServices): Workflow<CreateNetworkTaskInput> {
  return {
    operation: 'CREATE_NETWORK',
    cancellableWhileRunning: true,
    deadlineMs: 5 * 60_000,
    steps: [reachBackend(services), createOnBackend(services)],
    settle: async (session, { input, status, task }) => {
      const patch =
        status === 'SUCCEEDED'
          ? { status: 'ACTIVE' as const }
          : status === 'CANCELLED'
            ? { status: 'DELETED' as const, deletedAt: task.endedAt }
            : { status: 'ERROR' as const };
      await services.store.update(session, input.networkId, patch);
      await settleQuota(services, session, input.networkId, status, task.id);
    },
    retry: async (session, { input }) => {
      const network = await networkToRetry(services, session, input.networkId);
      if (network.externalId !== null) throw retryRefused('OBJECT_STATE', 'the network exists.');
      return {
        input,
        queued: async (_, task) => {
          await services.store.update(session, network.id, { status: 'PROVISIONING', createTaskId: task.id });
          await services.quotas.hold(session, claimantOf(network), task.id, ONE_NETWORK, FIELDS_OF_RETRY);
        },
      };
    },
  };
}
