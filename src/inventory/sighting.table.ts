import { EntitySchema } from 'typeorm';
import { idColumn, intColumn, momentColumn, textColumn } from '../database';
import { MAX_EXTERNAL_ID } from './sighting';
import type { Sighting } from './sighting';

export type SightingRow = { -readonly [Key in keyof Sighting]: Sighting[Key] };

export const sightingTable = new EntitySchema<SightingRow>({
  name: 'Sighting',
  tableName: 'sighting',
  columns: {
    backendId: idColumn('backend_id', { primary: true }),
    kind: textColumn('kind', 16, { primary: true }),
    type: textColumn('type', 16, { primary: true }),
    objectId: textColumn('object_id', 128, { primary: true }),
    externalId: textColumn('external_id', MAX_EXTERNAL_ID, { primary: true }),
    firstSeenAt: momentColumn('first_seen_at'),
    lastSeenAt: momentColumn('last_seen_at'),
    seenCount: intColumn('seen_count'),
  },
});

export interface ReconciliationRow {
  backendId: string;
  lastPassAt: number;
}

/** When each backend was last compared with the database, in whole. */
export const reconciliationTable = new EntitySchema<ReconciliationRow>({
  name: 'Reconciliation',
  tableName: 'reconciliation',
  columns: {
    backendId: idColumn('backend_id', { primary: true }),
    lastPassAt: momentColumn('last_pass_at'),
  },
});
