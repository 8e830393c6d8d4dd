import { EntitySchema } from 'typeorm';
import { idColumn, intColumn, momentColumn, textColumn } from '../database';

export interface TemplateRow {
  id: string;
  tenantId: string | null;
  /** The tenant's id, or `shared`: a unique index takes no notice of nulls. */
  owner: string;
  name: string;
  minDiskGib: number;
  createdAt: number;
}

export const templateTable = new EntitySchema<TemplateRow>({
  name: 'Template',
  tableName: 'template',
  columns: {
    id: idColumn('id', { primary: true }),
    tenantId: idColumn('tenant_id', { nullable: true }),
    owner: idColumn('owner'),
    name: textColumn('name', 63),
    minDiskGib: intColumn('min_disk_gib'),
    createdAt: momentColumn('created_at'),
  },
  indices: [{ name: 'template_name', columns: ['owner', 'name'], unique: true }],
});

export interface RealizationRow {
  templateId: string;
  backendId: string;
  imageRef: string;
}

export const realizationTable = new EntitySchema<RealizationRow>({
  name: 'TemplateRealization',
  tableName: 'template_realization',
  columns: {
    templateId: idColumn('template_id', { primary: true }),
    backendId: idColumn('backend_id', { primary: true }),
    imageRef: textColumn('image_ref', 500),
  },
});
