import { EntitySchema } from 'typeorm';
import { bigintColumn, idColumn, intColumn, jsonColumn, momentColumn, textColumn } from '../database';
import type { EventTopic } from './event';

export interface OutboxRow {
  id: string;
  /** Null until the sequencer has placed it. */
  position: number | null;
  topic: EventTopic;
  subjectId: string;
  sequence: number;
  tenantId: string | null;
  kind: string;
  at: number;
  payload: unknown;
}

export const outboxTable = new EntitySchema<OutboxRow>({
  name: 'Outbox',
  tableName: 'outbox',
  columns: {
    id: idColumn('id', { primary: true }),
    position: bigintColumn('position', { nullable: true }),
    topic: textColumn('topic', 16),
    subjectId: idColumn('subject_id'),
    sequence: intColumn('sequence'),
    tenantId: idColumn('tenant_id', { nullable: true }),
    kind: textColumn('kind', 32),
    at: momentColumn('at'),
    payload: jsonColumn('payload'),
  },
  indices: [
    { name: 'outbox_position', columns: ['position'], unique: true },
    { name: 'outbox_subject', columns: ['subjectId', 'sequence'], unique: true },
    { name: 'outbox_tenant', columns: ['tenantId', 'position'] },
  ],
});

/** One row: the position of the newest placed event. Whoever places events locks it. */
export interface OutboxHeadRow {
  name: string;
  position: number;
}

export const outboxHeadTable = new EntitySchema<OutboxHeadRow>({
  name: 'OutboxHead',
  tableName: 'outbox_head',
  columns: {
    name: textColumn('name', 16, { primary: true }),
    position: bigintColumn('position'),
  },
});
