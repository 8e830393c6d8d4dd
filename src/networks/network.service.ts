import type { QuotaLedger } from '../allocations';
import type { BackendDirectory } from '../backends';
import { withUniqueName } from '../database';
import type { Session } from '../database';
import { idempotentRequest } from '../idempotency';
import type { IdempotencyStore, Keyed, Work } from '../idempotency';
import {
  AppError,
  invalidArgument,
  newId,
  notFound,
  requireFound,
  requireName,
  TenantScope,
} from '../kernel';
import type { Capabilities, NetworkMode } from '../providers/contract';
import type { Task, TaskService } from '../tasks';
import type { TenantService } from '../tenants';
import { overlaps, requireCidr } from './cidr';
import type { CreateNetworkTaskInput, NetworkUsage } from './create-network.workflow';
import type { DeleteNetworkTaskInput } from './delete-network.workflow';
import type { Network } from './network';
import { claimantOf, NETWORK_FIELDS, ONE_NETWORK } from './network-quota';
import type { NetworkStore } from './network.store';

export interface CreateNetwork extends Keyed {
  readonly tenantId: string | null;
  readonly backend: string;
  readonly name: string;
  readonly cidr: string;
  readonly mode: NetworkMode;
}

export interface DeleteNetwork extends Keyed {
  readonly id: string;
}

export interface NetworkServices {
  readonly store: NetworkStore;
  readonly backends: BackendDirectory;
  readonly tenants: TenantService;
  readonly tasks: TaskService;
  readonly idempotency: IdempotencyStore;
  readonly isInUse: NetworkUsage;
  readonly quotas: QuotaLedger;
}

/** What is remembered of an answer. */
interface AnsweredIds {
  readonly networkId: string;
  readonly taskId: string;
}

export interface NetworkAndTask {
  readonly network: Network;
  readonly task: Task;
}

const ANY_NETWORK_PAGE = { limit: 100_000, afterId: null, beforeId: null, backward: false };

export class NetworkService {
  constructor(private readonly services: NetworkServices) {}

  get store(): NetworkStore {
    return this.services.store;
  }

  /** @throws NOT_FOUND */
  async get(scope: TenantScope, id: string, field?: string): Promise<Network> {
    const network = await this.store.find(this.store.database.reader, scope, id);
    return requireFound('Network', network, id, field);
  }

  /**
   * Records a network and queues its creation.
   * @throws NOT_FOUND, PERMISSION_DENIED, INVALID_ARGUMENT, UNSUPPORTED for the mode, ALREADY_EXISTS for the name,
   *   RESOURCE_EXHAUSTED for the quota
   */
  async create(scope: TenantScope, input: CreateNetwork): Promise<NetworkAndTask> {
    const tenantId = scope.resolveTenant(input.tenantId, 'input.tenantId');
    await this.services.tenants.get(scope, tenantId, 'input.tenantId');
    scope.requireRole('OPERATOR');
    const request = idempotentRequest('createNetwork', tenantId, input);
    const ids = await withUniqueName('input.name', 'another network of the tenant', () =>
      this.services.idempotency.oncePrepared(request, () => this.prepare(scope, tenantId, input)),
    );
    return this.load(scope, ids);
  }

  private async prepare(
    scope: TenantScope,
    tenantId: string,
    input: CreateNetwork,
  ): Promise<Work<AnsweredIds>> {
    const name = requireName('input.name', input.name);
    const cidr = requireCidr('input.cidr', input.cidr);
    const { backend, provider } = this.services.backends.resolve(input.backend, 'input.backend');
    const { modes } = provider.capabilities.network;
    if (!modes.includes(input.mode)) {
      const offered = modes.length > 0 ? modes.join(', ') : 'none';
      throw new AppError(
        'UNSUPPORTED',
        `input.mode: the backend ${backend.name} has no ${input.mode} networks; it has ${offered}.`,
        { details: { field: 'input.mode', capability: `network.modes.${input.mode}` } },
      );
    }
    const { overlappingCidrs } = provider.capabilities.network;
    return async (session) => {
      await this.requireFreeRange(session, tenantId, backend.id, cidr, overlappingCidrs);
      const network = { tenantId, backendId: backend.id, name, mode: input.mode, cidr };
      return this.insertAndQueue(session, scope, network);
    };
  }

  /** Two networks of one tenant on one backend never overlap; on some backends no two networks at all may. */
  private async requireFreeRange(
    session: Session,
    tenantId: string,
    backendId: string,
    cidr: string,
    overlapping: Capabilities['network']['overlappingCidrs'],
  ): Promise<void> {
    await this.services.backends.store.lock(session, backendId);
    const query = { backendId, ...(overlapping ? { tenantId } : {}) };
    const others = await this.store.list(session, TenantScope.system(), query, ANY_NETWORK_PAGE);
    if (others.some((other) => overlaps(other.cidr, cidr))) {
      throw invalidArgument('input.cidr', 'overlaps a range that is in use on this backend.');
    }
  }

  private async insertAndQueue(
    session: Session,
    scope: TenantScope,
    draft: Pick<Network, 'tenantId' | 'backendId' | 'name' | 'mode' | 'cidr'>,
  ): Promise<AnsweredIds> {
    const network: Network = {
      ...draft,
      id: newId('network'),
      status: 'PROVISIONING',
      externalId: null,
      createTaskId: null,
      createdAt: await this.store.database.now(session),
      deletedAt: null,
    };
    await this.store.insert(session, network);
    const taskInput: CreateNetworkTaskInput = { networkId: network.id };
    const task = await this.services.tasks.enqueue(session, scope, {
      operation: 'CREATE_NETWORK',
      tenantId: network.tenantId,
      backendId: network.backendId,
      targetId: network.id,
      input: taskInput,
    });
    await this.store.update(session, network.id, { createTaskId: task.id });
    const claimant = claimantOf(network);
    await this.services.quotas.hold(session, claimant, task.id, ONE_NETWORK, NETWORK_FIELDS);
    return { networkId: network.id, taskId: task.id };
  }

  /**
   * Queues the removal of a network that no VM uses; repeating it answers the task that is under way.
   * @throws NOT_FOUND, PERMISSION_DENIED, FAILED_PRECONDITION while it is in use
   */
  async delete(scope: TenantScope, input: DeleteNetwork): Promise<NetworkAndTask> {
    const { tenantId } = await this.get(scope, input.id, 'input.id');
    scope.requireRole('OPERATOR');
    const request = idempotentRequest('deleteNetwork', tenantId, input);
    const ids = await this.services.idempotency.once(request, (session) =>
      this.queueDeletion(session, scope, input.id),
    );
    return this.load(scope, ids);
  }

  private async queueDeletion(session: Session, scope: TenantScope, id: string): Promise<AnsweredIds> {
    const { tasks, isInUse } = this.services;
    const network = await this.store.lock(session, scope, id);
    if (!network) throw notFound('Network', id, 'input.id');
    if (network.status === 'DELETED') {
      throw new AppError('FAILED_PRECONDITION', 'The network is DELETED.');
    }
    const open = (await tasks.store.openInLanes(session, scope, [id])).get(id) ?? [];
    const running = open.find((task) => task.operation === 'DELETE_NETWORK');
    if (running) return { networkId: id, taskId: running.id };
    if (await isInUse(session, id)) {
      throw new AppError('FAILED_PRECONDITION', 'The network still has VMs; delete them first.');
    }
    const input: DeleteNetworkTaskInput = { networkId: id, statusBefore: network.status };
    const { tenantId, backendId } = network;
    const request = { operation: 'DELETE_NETWORK', tenantId, backendId, targetId: id, input } as const;
    const task = await tasks.enqueue(session, scope, request);
    // Until its creation has come to its end a network is being made; the deletion says so itself in its turn.
    if (network.status !== 'PROVISIONING') await this.store.update(session, id, { status: 'DELETING' });
    return { networkId: id, taskId: task.id };
  }

  private async load(scope: TenantScope, { networkId, taskId }: AnsweredIds): Promise<NetworkAndTask> {
    return {
      network: await this.get(scope, networkId),
      task: await this.services.tasks.get(scope, taskId),
    };
  }
}
