import { In, Not } from 'typeorm';
import type { FindOptionsWhere, SelectQueryBuilder } from 'typeorm';
import type { QuotaKey } from '../allocations';
import { findRows, insertRows, isUniqueViolation, lockRow, updateRows } from '../database';
import type { Database, Session } from '../database';
import type { EventFeed } from '../events';
import type { TenantScope } from '../kernel';
import type { Label, Vm, VmLifecycle, VmNic, VmStatus } from './vm';
import type { VmGuestConfigRow, VmLabelRow, VmNicRow, VmRow } from './vm.table';

export interface VmQuery {
  readonly name?: string | undefined;
  readonly tenantId?: string | undefined;
  readonly backendId?: string | undefined;
  readonly templateId?: string | undefined;
  readonly networkId?: string | undefined;
  readonly label?: { readonly name: string; readonly value: string | undefined } | undefined;
  /** Undefined leaves out what is deleted. */
  readonly statuses?: readonly VmStatus[] | undefined;
}

/** A keyset page, by name and id or by id alone. */
export interface VmPage {
  readonly orderBy: 'NAME' | 'CREATED_AT';
  /** Newest or last in the alphabet first. */
  readonly descending: boolean;
  readonly limit: number;
  /** Rows strictly behind, or strictly ahead of, this key. */
  readonly after: { readonly id: string; readonly value: string | null } | null;
  readonly before: { readonly id: string; readonly value: string | null } | null;
  /** Read from the end. */
  readonly backward: boolean;
}

export type VmEventKind = 'CREATED' | 'CHANGED' | 'DELETED';

const STATUS_SQL: Readonly<Record<VmStatus, string>> = {
  PROVISIONING: "vm.lifecycle = 'PROVISIONING'",
  DELETING: "vm.lifecycle = 'DELETING'",
  DELETED: "vm.lifecycle = 'DELETED'",
  ERROR: "(vm.lifecycle = 'ERROR' OR (vm.lifecycle = 'ACTIVE' AND vm.power_state = 'CRASHED'))",
  RUNNING: "(vm.lifecycle = 'ACTIVE' AND vm.power_state = 'POWERED_ON')",
  STOPPED: "(vm.lifecycle = 'ACTIVE' AND vm.power_state = 'POWERED_OFF')",
  SUSPENDED: "(vm.lifecycle = 'ACTIVE' AND vm.power_state = 'SUSPENDED')",
  UNKNOWN: "(vm.lifecycle = 'ACTIVE' AND vm.power_state = 'UNKNOWN')",
};

function toVm(row: VmRow): Vm {
  const { livingName, ...vm } = row;
  return vm;
}

export class VmStore {
  constructor(
    readonly database: Database,
    private readonly feed: EventFeed,
  ) {}

  async insert(session: Session, vm: Vm, nics: readonly VmNic[], labels: readonly Label[]): Promise<void> {
    await insertRows<VmRow>(session, 'Vm', { ...vm, livingName: vm.name });
    await insertRows<VmNicRow>(session, 'VmNic', nics);
    await insertRows<VmLabelRow>(
      session,
      'VmLabel',
      labels.map((label) => ({ vmId: vm.id, ...label })),
    );
  }

  async putGuestConfig(session: Session, config: VmGuestConfigRow): Promise<void> {
    await insertRows<VmGuestConfigRow>(session, 'VmGuestConfig', config);
  }

  async guestConfig(session: Session, vmId: string): Promise<VmGuestConfigRow | null> {
    return session.findOne<VmGuestConfigRow>('VmGuestConfig', { where: { vmId } });
  }

  /** Keeps the keys, which are public. */
  async forgetUserData(session: Session, vmId: string): Promise<void> {
    await session.update<VmGuestConfigRow>('VmGuestConfig', { vmId }, { userData: null });
  }

  async forgetGuestConfig(session: Session, vmId: string): Promise<void> {
    await session.delete<VmGuestConfigRow>('VmGuestConfig', { vmId });
  }

  async findMany(session: Session, scope: TenantScope, ids: readonly string[]): Promise<Vm[]> {
    if (ids.length === 0) return [];
    const { tenantId } = scope;
    const where = tenantId === null ? 'id IN (:...ids)' : 'id IN (:...ids) AND tenant_id = :tenantId';
    return (await findRows<VmRow>(session, 'Vm', where, { ids, tenantId })).map(toVm);
  }

  async find(session: Session, scope: TenantScope, id: string): Promise<Vm | null> {
    return (await this.findMany(session, scope, [id]))[0] ?? null;
  }

  /** Reads a VM and keeps others from changing it until the transaction ends. */
  async lock(session: Session, scope: TenantScope, id: string): Promise<Vm | null> {
    const row = await lockRow<VmRow>(session, 'Vm', id);
    return row && scope.sees(row.tenantId) ? toVm(row) : null;
  }

  /** The VMs of a backend whose life is so far. */
  async recordedOn(session: Session, backendId: string, lifecycles: readonly VmLifecycle[]): Promise<Vm[]> {
    const where: FindOptionsWhere<VmRow> = { backendId, lifecycle: In([...lifecycles]) };
    return (await session.find<VmRow>('Vm', { where })).map(toVm);
  }

  /** All VMs of a tenant on a backend that are not deleted. */
  async livingOf(session: Session, { tenantId, backendId }: QuotaKey): Promise<Vm[]> {
    const where: FindOptionsWhere<VmRow> = { tenantId, backendId, lifecycle: Not('DELETED') };
    return (await session.find<VmRow>('Vm', { where })).map(toVm);
  }

  /** Each tenant with each backend where it has VMs that are not deleted. */
  async tenantsAndBackends(session: Session): Promise<QuotaKey[]> {
    return session
      .createQueryBuilder<VmRow>('Vm', 'vm')
      .select(['vm.tenant_id AS "tenantId"', 'vm.backend_id AS "backendId"'])
      .distinct(true)
      .where("vm.lifecycle <> 'DELETED'")
      .getRawMany<QuotaKey>();
  }

  async findByExternalId(session: Session, backendId: string, externalId: string): Promise<Vm | null> {
    const row = await session.findOne<VmRow>('Vm', { where: { backendId, externalId } });
    return row && toVm(row);
  }

  async list(session: Session, scope: TenantScope, query: VmQuery, page: VmPage): Promise<Vm[]> {
    const select = this.filtered(session, scope, query);
    const down = page.descending !== page.backward;
    const column = page.orderBy === 'NAME' ? 'vm.name' : null;
    const bound = (key: NonNullable<VmPage['after']>, greater: boolean, prefix: string): void => {
      const sign = greater ? '>' : '<';
      const values = { [`${prefix}Id`]: key.id, [`${prefix}Value`]: key.value };
      const condition = column
        ? `(${column} ${sign} :${prefix}Value OR (${column} = :${prefix}Value AND vm.id ${sign} :${prefix}Id))`
        : `vm.id ${sign} :${prefix}Id`;
      select.andWhere(condition, values);
    };
    if (page.after) bound(page.after, !page.descending, 'after');
    if (page.before) bound(page.before, page.descending, 'before');
    if (column) select.orderBy(column, down ? 'DESC' : 'ASC');
    select.addOrderBy('vm.id', down ? 'DESC' : 'ASC').limit(page.limit);
    return (await select.getMany()).map(toVm);
  }

  async count(session: Session, scope: TenantScope, query: VmQuery): Promise<number> {
    return this.filtered(session, scope, query).getCount();
  }

  private filtered(session: Session, scope: TenantScope, query: VmQuery): SelectQueryBuilder<VmRow> {
    const select = session.createQueryBuilder<VmRow>('Vm', 'vm');
    const statuses = query.statuses && [...new Set(query.statuses)].map((status) => STATUS_SQL[status]);
    select.where(statuses ? `(${statuses.join(' OR ') || '1 = 0'})` : "vm.lifecycle <> 'DELETED'");
    const { name, tenantId, backendId, templateId, networkId, label } = query;
    if (scope.tenantId !== null) select.andWhere('vm.tenant_id = :own', { own: scope.tenantId });
    if (tenantId !== undefined) select.andWhere('vm.tenant_id = :tenantId', { tenantId });
    if (name !== undefined) select.andWhere('vm.name = :name', { name });
    if (backendId !== undefined) select.andWhere('vm.backend_id = :backendId', { backendId });
    if (templateId !== undefined) select.andWhere('vm.template_id = :templateId', { templateId });
    if (networkId !== undefined) {
      const nics = 'SELECT 1 FROM vm_nic nic WHERE nic.vm_id = vm.id AND nic.network_id = :networkId';
      select.andWhere(`EXISTS (${nics})`, { networkId });
    }
    if (label !== undefined) {
      const value = label.value === undefined ? '' : ' AND label.value = :labelValue';
      const labels = `SELECT 1 FROM vm_label label WHERE label.vm_id = vm.id AND label.name = :labelName${value}`;
      select.andWhere(`EXISTS (${labels})`, { labelName: label.name, labelValue: label.value });
    }
    return select;
  }

  async nicsOf(session: Session, vmIds: readonly string[]): Promise<VmNic[]> {
    if (vmIds.length === 0) return [];
    return findRows<VmNicRow>(session, 'VmNic', 'vm_id IN (:...vmIds) ORDER BY vm_id, position', { vmIds });
  }

  async updateNic(
    session: Session,
    nic: VmNic,
    patch: Partial<Pick<VmNic, 'macAddress' | 'ipAddresses'>>,
  ): Promise<void> {
    const where = 'vm_id = :vmId AND position = :position';
    await updateRows<VmNicRow>(session, 'VmNic', patch, where, { vmId: nic.vmId, position: nic.position });
  }

  /** A VM that is gone has no addresses. */
  async clearAddresses(session: Session, vmId: string): Promise<void> {
    await updateRows<VmNicRow>(session, 'VmNic', { ipAddresses: [] }, 'vm_id = :vmId', { vmId });
  }

  async labelsOf(session: Session, vmIds: readonly string[]): Promise<(Label & { readonly vmId: string })[]> {
    return session.find<VmLabelRow>('VmLabel', {
      where: { vmId: In([...vmIds]) },
      order: { vmId: 'ASC', name: 'ASC' },
    });
  }

  /** Whether a living VM has a card on the network. */
  async usesNetwork(session: Session, networkId: string): Promise<boolean> {
    const select = session.createQueryBuilder<VmRow>('Vm', 'vm').where("vm.lifecycle <> 'DELETED'");
    const nics = 'SELECT 1 FROM vm_nic nic WHERE nic.vm_id = vm.id AND nic.network_id = :networkId';
    return select.andWhere(`EXISTS (${nics})`, { networkId }).getExists();
  }

  /** Changes some columns and tells of it; a deleted VM gives its name free. */
  async update(
    session: Session,
    id: string,
    patch: Partial<Omit<Vm, 'id' | 'revision'>>,
    kind: VmEventKind = 'CHANGED',
  ): Promise<void> {
    const name = patch.lifecycle === 'DELETED' ? { livingName: null } : {};
    await updateRows<VmRow>(session, 'Vm', { ...patch, ...name }, 'id = :id', { id });
    await this.publish(session, id, kind);
  }

  /** Whether another living VM of the tenant has the name. */
  async isNameTaken(session: Session, { id, tenantId }: Vm, name: string): Promise<boolean> {
    return session.exists<VmRow>('Vm', { where: { tenantId, livingName: name, id: Not(id) } });
  }

  /**
   * Gives a living VM another name, as part of a change that is told with its other columns. False when another living
   * VM of the tenant has that name; the session can go on.
   */
  async rename(session: Session, vm: Vm, name: string): Promise<boolean> {
    if (await this.isNameTaken(session, vm, name)) return false;
    try {
      await updateRows<VmRow>(session, 'Vm', { name, livingName: name }, 'id = :id', { id: vm.id });
      return true;
    } catch (error) {
      // Another transaction was faster. Both databases take back the one statement and keep the rest.
      if (isUniqueViolation(error)) return false;
      throw error;
    }
  }

  /** Notes that the backend was heard of the VM, where nothing else has changed: no event. */
  async touch(session: Session, id: string, observedAt: number): Promise<void> {
    await updateRows<VmRow>(session, 'Vm', { observedAt }, 'id = :id', { id });
  }

  /** Gives the change just made its number and writes its event. */
  async publish(session: Session, id: string, kind: VmEventKind): Promise<void> {
    await updateRows<VmRow>(session, 'Vm', { revision: () => 'revision + 1' }, 'id = :id', { id });
    const [row] = await findRows<VmRow>(session, 'Vm', 'id = :id', { id });
    if (!row) throw new Error(`There is no VM ${id}.`);
    await this.feed.append(session, {
      topic: 'VM',
      subjectId: id,
      sequence: row.revision,
      tenantId: row.tenantId,
      kind,
      at: await this.database.now(session),
      payload: toVm(row),
    });
  }
}
