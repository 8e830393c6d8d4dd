import { In } from 'typeorm';
import type { FindOptionsWhere } from 'typeorm';
import { idPageOptions, insertRows } from '../database';
import type { Database, IdPage, Session } from '../database';
import type { TenantScope } from '../kernel';
import type { Tenant } from './tenant';
import type { TenantRow } from './tenant.table';

function visible(scope: TenantScope): FindOptionsWhere<TenantRow> {
  return scope.tenantId === null ? {} : { id: scope.tenantId };
}

export class TenantStore {
  constructor(readonly database: Database) {}

  async insert(session: Session, tenant: Tenant): Promise<void> {
    await insertRows<TenantRow>(session, 'Tenant', tenant);
  }

  async findMany(session: Session, scope: TenantScope, ids: readonly string[]): Promise<Tenant[]> {
    const seen = ids.filter((id) => scope.sees(id));
    return seen.length === 0 ? [] : session.find<TenantRow>('Tenant', { where: { id: In(seen) } });
  }

  async find(session: Session, scope: TenantScope, id: string): Promise<Tenant | null> {
    return (await this.findMany(session, scope, [id]))[0] ?? null;
  }

  async findBySlug(session: Session, scope: TenantScope, slug: string): Promise<Tenant | null> {
    return session.findOne<TenantRow>('Tenant', { where: { slug, ...visible(scope) } });
  }

  async list(session: Session, scope: TenantScope, page: IdPage): Promise<Tenant[]> {
    const { id, order, take } = idPageOptions(page);
    const bounded: FindOptionsWhere<TenantRow>[] = [{ ...(id ? { id } : {}) }];
    const query = session
      .createQueryBuilder<TenantRow>('Tenant', 'tenant')
      .where(bounded)
      .orderBy('tenant.id', order)
      .take(take);
    // Not in the `where` above: a tenant's scope and a page's bounds are both about the id.
    if (scope.tenantId !== null) query.andWhere('tenant.id = :own', { own: scope.tenantId });
    return query.getMany();
  }

  async count(session: Session, scope: TenantScope): Promise<number> {
    return session.count<TenantRow>('Tenant', { where: visible(scope) });
  }
}
