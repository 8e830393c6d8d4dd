import { In, IsNull } from 'typeorm';
import type { FindOptionsWhere } from 'typeorm';
import { idPageOptions, insertRows } from '../database';
import type { Database, IdPage, Session } from '../database';
import type { TenantScope } from '../kernel';
import type { Realization, Template } from './template';
import type { RealizationRow, TemplateRow } from './template.table';

export interface TemplateQuery {
  readonly name?: string | undefined;
  readonly tenantId?: string | undefined;
}

/** A tenant sees its own templates and the shared ones. */
function conditions(
  scope: TenantScope,
  base: FindOptionsWhere<TemplateRow>,
): FindOptionsWhere<TemplateRow>[] {
  if (scope.tenantId === null) return [base];
  return [
    { ...base, tenantId: scope.tenantId },
    { ...base, tenantId: IsNull() },
  ];
}

export class TemplateStore {
  constructor(readonly database: Database) {}

  async insert(session: Session, template: Template): Promise<void> {
    const { realizations, ...row } = template;
    await insertRows<TemplateRow>(session, 'Template', { ...row, owner: template.tenantId ?? 'shared' });
    await insertRows<RealizationRow>(
      session,
      'TemplateRealization',
      realizations.map((realization) => ({ templateId: template.id, ...realization })),
    );
  }

  async findMany(session: Session, scope: TenantScope, ids: readonly string[]): Promise<Template[]> {
    const where = conditions(scope, { id: In([...ids]) });
    return this.withRealizations(session, await session.find<TemplateRow>('Template', { where }));
  }

  async find(session: Session, scope: TenantScope, id: string): Promise<Template | null> {
    return (await this.findMany(session, scope, [id]))[0] ?? null;
  }

  /** Oldest first. */
  async list(session: Session, scope: TenantScope, query: TemplateQuery, page: IdPage): Promise<Template[]> {
    const { id, order, take } = idPageOptions(page);
    const where = filtered(scope, query).map((one) => ({ ...one, ...(id ? { id } : {}) }));
    const rows = await session.find<TemplateRow>('Template', { where, order: { id: order }, take });
    return this.withRealizations(session, rows);
  }

  async count(session: Session, scope: TenantScope, query: TemplateQuery): Promise<number> {
    return session.count<TemplateRow>('Template', { where: filtered(scope, query) });
  }

  private async withRealizations(session: Session, rows: TemplateRow[]): Promise<Template[]> {
    if (rows.length === 0) return [];
    const realizations = await session.find<RealizationRow>('TemplateRealization', {
      where: { templateId: In(rows.map((row) => row.id)) },
      order: { templateId: 'ASC', backendId: 'ASC' },
    });
    const byTemplate = new Map<string, Realization[]>();
    for (const { templateId, backendId, imageRef } of realizations) {
      byTemplate.set(templateId, [...(byTemplate.get(templateId) ?? []), { backendId, imageRef }]);
    }
    return rows.map((row) => ({
      id: row.id,
      tenantId: row.tenantId,
      name: row.name,
      minDiskGib: row.minDiskGib,
      createdAt: row.createdAt,
      realizations: byTemplate.get(row.id) ?? [],
    }));
  }
}

function filtered(scope: TenantScope, query: TemplateQuery): FindOptionsWhere<TemplateRow>[] {
  const base: FindOptionsWhere<TemplateRow> = {};
  if (query.name !== undefined) base.name = query.name;
  if (query.tenantId === undefined) return conditions(scope, base);
  return scope.sees(query.tenantId) ? [{ ...base, tenantId: query.tenantId }] : [{ id: '' }];
}
