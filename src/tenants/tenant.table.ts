import { EntitySchema } from 'typeorm';
import { idColumn, momentColumn, textColumn } from '../database';

export interface TenantRow {
  id: string;
  slug: string;
  name: string;
  createdAt: number;
}

export const tenantTable = new EntitySchema<TenantRow>({
  name: 'Tenant',
  tableName: 'tenant',
  columns: {
    id: idColumn('id', { primary: true }),
    slug: textColumn('slug', 32),
    name: textColumn('name', 200),
    createdAt: momentColumn('created_at'),
  },
  indices: [{ name: 'tenant_slug', columns: ['slug'], unique: true }],
});
