import { In, Not } from 'typeorm';
import type { FindOptionsWhere } from 'typeorm';
import type { QuotaKey } from '../allocations';
import { idPageOptions, insertRows, lockRow, updateRows } from '../database';
import type { Database, IdPage, Session } from '../database';
import type { TenantScope } from '../kernel';
import type { Network, NetworkStatus } from './network';
import type { NetworkRow } from './network.table';

export interface NetworkQuery {
  readonly name?: string | undefined;
  readonly backendId?: string | undefined;
  readonly tenantId?: string | undefined;
  /** Undefined leaves out what is deleted. */
  readonly statuses?: readonly NetworkStatus[] | undefined;
}

function toNetwork(row: NetworkRow): Network {
  const { livingName, ...network } = row;
  return network;
}

function conditions(scope: TenantScope, query: NetworkQuery): FindOptionsWhere<NetworkRow> {
  const where: FindOptionsWhere<NetworkRow> = {
    status: query.statuses ? In([...new Set(query.statuses)]) : Not('DELETED'),
  };
  if (query.name !== undefined) where.name = query.name;
  if (query.backendId !== undefined) where.backendId = query.backendId;
  if (query.tenantId !== undefined) where.tenantId = scope.sees(query.tenantId) ? query.tenantId : '';
  else if (scope.tenantId !== null) where.tenantId = scope.tenantId;
  return where;
}

export class NetworkStore {
  constructor(readonly database: Database) {}

  async insert(session: Session, network: Network): Promise<void> {
    await insertRows<NetworkRow>(session, 'Network', { ...network, livingName: network.name });
  }

  async findMany(session: Session, scope: TenantScope, ids: readonly string[]): Promise<Network[]> {
    const where: FindOptionsWhere<NetworkRow> = { id: In([...ids]) };
    if (scope.tenantId !== null) where.tenantId = scope.tenantId;
    return (await session.find<NetworkRow>('Network', { where })).map(toNetwork);
  }

  async find(session: Session, scope: TenantScope, id: string): Promise<Network | null> {
    return (await this.findMany(session, scope, [id]))[0] ?? null;
  }

  /** Reads a network and keeps others from changing it until the transaction ends. */
  async lock(session: Session, scope: TenantScope, id: string): Promise<Network | null> {
    const row = await lockRow<NetworkRow>(session, 'Network', id);
    return row && scope.sees(row.tenantId) ? toNetwork(row) : null;
  }

  /** The networks of a backend whose life is so far. */
  async recordedOn(
    session: Session,
    backendId: string,
    statuses: readonly NetworkStatus[],
  ): Promise<Network[]> {
    const where: FindOptionsWhere<NetworkRow> = { backendId, status: In([...statuses]) };
    return (await session.find<NetworkRow>('Network', { where })).map(toNetwork);
  }

  /** Oldest first. */
  async list(session: Session, scope: TenantScope, query: NetworkQuery, page: IdPage): Promise<Network[]> {
    const { id, order, take } = idPageOptions(page);
    const where = { ...conditions(scope, query), ...(id ? { id } : {}) };
    return (await session.find<NetworkRow>('Network', { where, order: { id: order }, take })).map(toNetwork);
  }

  /** All networks of a tenant on a backend that are not deleted. */
  async livingOf(session: Session, { tenantId, backendId }: QuotaKey): Promise<Network[]> {
    const where: FindOptionsWhere<NetworkRow> = { tenantId, backendId, status: Not('DELETED') };
    return (await session.find<NetworkRow>('Network', { where })).map(toNetwork);
  }

  /** Each tenant with each backend where it has networks that are not deleted. */
  async tenantsAndBackends(session: Session): Promise<QuotaKey[]> {
    return session
      .createQueryBuilder<NetworkRow>('Network', 'network')
      .select(['network.tenant_id AS "tenantId"', 'network.backend_id AS "backendId"'])
      .distinct(true)
      .where("network.status <> 'DELETED'")
      .getRawMany<QuotaKey>();
  }

  async count(session: Session, scope: TenantScope, query: NetworkQuery): Promise<number> {
    return session.count<NetworkRow>('Network', { where: conditions(scope, query) });
  }

  /** Changes some columns; a deleted network gives its name free. */
  async update(
    session: Session,
    id: string,
    patch: Partial<Pick<Network, 'status' | 'externalId' | 'createTaskId' | 'deletedAt'>>,
  ): Promise<void> {
    const name = patch.status === 'DELETED' ? { livingName: null } : {};
    await updateRows<NetworkRow>(session, 'Network', { ...patch, ...name }, 'id = :id', { id });
  }
}
