import { EntitySchema } from 'typeorm';
import { idColumn, momentColumn, textColumn } from '../database';
import type { BackendLocation } from './backend';

/** The identity of a configured backend: keeps its id over restarts, whatever else the configuration changes. */
export interface BackendRow {
  id: string;
  name: string;
  kind: string;
  location: BackendLocation;
  createdAt: number;
}

export const backendTable = new EntitySchema<BackendRow>({
  name: 'Backend',
  tableName: 'backend',
  columns: {
    id: idColumn('id', { primary: true }),
    name: textColumn('name', 63),
    kind: textColumn('kind', 32),
    location: textColumn('location', 16),
    createdAt: momentColumn('created_at'),
  },
  indices: [{ name: 'backend_name', columns: ['name'], unique: true }],
});
